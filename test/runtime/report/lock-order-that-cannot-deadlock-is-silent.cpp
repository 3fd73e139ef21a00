// Orders that a gate, shared modes, a single task or a try excuse, and locks at old addresses, are
// not reported.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: timeout 60 %t gate 2>%t.err && count 0 < %t.err
// RUN: timeout 60 %t inner-gate 2>%t.err && count 0 < %t.err
// RUN: timeout 60 %t single-task 2>%t.err && count 0 < %t.err
// RUN: timeout 60 %t two-tasks-for-three 2>%t.err && count 0 < %t.err
// RUN: timeout 60 %t try 2>%t.err && count 0 < %t.err
// RUN: timeout 60 %t readers 2>%t.err && count 0 < %t.err
// RUN: timeout 60 %t together 2>%t.err && count 0 < %t.err
// RUN: timeout 60 %t old-addresses 2>%t.err && count 0 < %t.err
// RUN: timeout 60 %t old-addresses-alive 2>%t.err && count 0 < %t.err
// RUN: timeout 60 %t chain 2>%t.err && count 0 < %t.err
// RUN: timeout 60 %t ladder 2>%t.err && count 0 < %t.err
#include <sluice/sluice.hpp>

#include <deque>
#include <memory>
#include <mutex>
#include <new>
#include <random>
#include <shared_mutex>
#include <string>
#include <vector>

static sluice::mutex a, b, c, gate;
static sluice::shared_mutex red, blue;

template <class F> static void in_task(F f) { sluice::async(f).get(); }

template <class First, class Second> static void nest(First &first, Second &second) {
  std::lock_guard outer(first);
  std::lock_guard inner(second);
}

static void under_gate() {
  auto nest_alone = [](sluice::mutex &first, sluice::mutex &second) {
    std::lock_guard alone(gate);
    nest(first, second);
  };
  in_task([=] { nest_alone(a, b); });
  in_task([=] { nest_alone(b, a); });
}

// A gate that is taken together with the first of the two.
static void under_inner_gate() {
  in_task([] {
    std::scoped_lock all(a, gate);
    std::lock_guard inner(b);
  });
  in_task([] {
    std::scoped_lock all(b, gate);
    std::lock_guard inner(a);
  });
}

static void in_single_task() {
  in_task([] {
    nest(a, b);
    nest(b, a);
    nest(b, c);
    nest(c, a);
  });
}

static void in_two_tasks_for_three() {
  in_task([] {
    nest(a, b);
    nest(b, c);
  });
  in_task([] { nest(c, a); });
}

static void with_try() {
  in_task([] { nest(a, b); });
  in_task([] {
    std::lock_guard outer(b);
    std::unique_lock inner(a, std::try_to_lock);
  });
  in_task([] {
    std::lock_guard outer(b);
    if (a.try_lock()) // not by a guard
      a.unlock();
  });
}

static void between_readers() {
  in_task([] {
    std::shared_lock outer(red);
    std::shared_lock inner(blue);
  });
  in_task([] {
    std::shared_lock outer(blue);
    std::shared_lock inner(red);
  });
}

static void both_together() {
  sluice::wait_group all;
  for (int i = 0; i < 8; ++i) {
    all.add();
    sluice::go([&, i] {
      for (int n = 0; n < 500; ++n) {
        if (i % 2) {
          std::scoped_lock both(a, b, c);
          sluice::yield();
        } else {
          std::scoped_lock both(c, b, a);
        }
      }
      all.done();
    });
  }
  all.wait();
}

// Two new locks, which often are where the old ones were, the other way round.
static void at_old_addresses() {
  for (int i = 0; i < 400; ++i)
    in_task([i] {
      auto first = std::make_unique<sluice::mutex>(), second = std::make_unique<sluice::mutex>();
      if (i % 2 == (first < second))
        std::swap(first, second);
      nest(*first, *second);
    });
}

// The same without destructors; each lock is made anew in storage that was one before.
static void at_old_addresses_alive() {
  alignas(sluice::mutex) static std::byte place[2][sizeof(sluice::mutex)];
  for (int i = 0; i < 400; ++i)
    in_task([i] {
      auto *one = new (place[i % 2]) sluice::mutex;
      auto *other = new (place[1 - i % 2]) sluice::mutex;
      nest(*one, *other);
    });
}

// Each of a thousand under the one before it, hand over hand and nested.
static void along_chain() {
  std::deque<sluice::mutex> chain(1000);
  for (int round = 0; round < 20; ++round)
    in_task([&] {
      chain.front().lock();
      for (std::size_t i = 1; i < chain.size(); ++i) {
        chain[i].lock();
        chain[i - 1].unlock();
      }
      chain.back().unlock();
    });
}

// Two or three of a thousand in the order of their places.
static void on_ladder() {
  std::deque<sluice::mutex> ladder(1000);
  sluice::task_group all;
  for (unsigned seed = 0; seed < 8; ++seed)
    all.go([&, seed] {
      std::minstd_rand random(seed);
      for (int n = 0; n < 4000; ++n) {
        const std::size_t low = random() % 500, high = low + 1 + random() % 400;
        std::lock_guard first(ladder[low]);
        std::lock_guard second(ladder[high]);
        std::lock_guard third(ladder[high + 1 + random() % 90]);
      }
    });
  all.wait();
}

int main(int, char **argv) {
  const std::string how = argv[1];
  sluice::run(how == "gate"                  ? under_gate
              : how == "inner-gate"          ? under_inner_gate
              : how == "single-task"         ? in_single_task
              : how == "two-tasks-for-three" ? in_two_tasks_for_three
              : how == "try"                 ? with_try
              : how == "readers"             ? between_readers
              : how == "together"            ? both_together
              : how == "old-addresses"       ? at_old_addresses
              : how == "old-addresses-alive" ? at_old_addresses_alive
              : how == "chain"               ? along_chain
                                             : on_ladder);
}
