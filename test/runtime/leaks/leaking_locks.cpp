// Programs that leak: locks, conditions, semaphores and wait groups in the hands of stuck tasks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "program.hpp"

#include <deque>
#include <mutex>
#include <shared_mutex>
#include <string>

using namespace leaks;

namespace {

// Starts `f` and waits until it has said that it is where it wants to be.
template <class F> void go_until_said(F f) {
  sluice::chan<> said;
  sluice::go([f, said] { f(said); });
  said.recv();
}

struct cache {
  sluice::mutex mu;
  sluice::chan<std::string> refreshed;
  std::string value;
};

// Who refreshes holds the lock and waits for news that nobody sends.
void lock_of_a_stuck_refresher() {
  auto c = std::make_shared<cache>();
  go_until_said([c](const sluice::chan<> &said) {
    std::lock_guard hold(c->mu);
    said.close();
    c->value = *c->refreshed.recv();
  });
  for (int i = 0; i < 2; ++i)
    sluice::go([c] {
      std::lock_guard hold(c->mu);
      c->value += "x";
    });
}

// A lock of static storage follows its owner too.
sluice::mutex guards_registry;

void static_lock_of_a_stuck_owner() {
  sluice::chan<int> never;
  go_until_said([never](const sluice::chan<> &said) {
    std::lock_guard hold(guards_registry);
    said.close();
    never.recv();
  });
  sluice::go([] { std::lock_guard hold(guards_registry); });
}

// A reader that waits for good keeps the writer out.
void reader_that_keeps_the_writer_out() {
  struct table {
    sluice::shared_mutex mu;
    sluice::chan<int> rows;
  };
  auto t = std::make_shared<table>();
  go_until_said([t](const sluice::chan<> &said) {
    std::shared_lock hold(t->mu);
    said.close();
    t->rows.recv();
  });
  sluice::go([t] { std::lock_guard hold(t->mu); });
}

// A writer that waits for good keeps three readers out.
void writer_that_keeps_readers_out() {
  struct table {
    sluice::shared_mutex mu;
    sluice::chan<int> rows;
  };
  auto t = std::make_shared<table>();
  go_until_said([t](const sluice::chan<> &said) {
    std::lock_guard hold(t->mu);
    said.close();
    t->rows.send(1);
  });
  for (int i = 0; i < 3; ++i)
    sluice::go([t] { std::shared_lock hold(t->mu); });
}

// A queue of tasks' own, whose owner forgets to notify.
class job_queue {
public:
  int take() {
    std::unique_lock hold(mu);
    filled.wait(hold, [&] { return !jobs.empty(); });
    int job = jobs.front();
    jobs.pop_front();
    return job;
  }

private:
  sluice::mutex mu;
  sluice::condition_variable filled;
  std::deque<int> jobs;
};

void condition_that_nobody_notifies() {
  auto q = std::make_shared<job_queue>();
  for (int i = 0; i < 2; ++i)
    sluice::go([q] { q->take(); });
}

// The notification comes before the wait.
void notified_too_early() {
  struct gate {
    sluice::mutex mu;
    sluice::condition_variable opened;
  };
  auto g = std::make_shared<gate>();
  g->opened.notify_all();
  sluice::go([g] {
    std::unique_lock hold(g->mu);
    g->opened.wait(hold);
  });
}

// Who has the permits is stuck; who wants one waits with it.
void permits_of_stuck_tasks() {
  struct limiter {
    sluice::semaphore permits{1};
    sluice::chan<int> upstream;
  };
  auto l = std::make_shared<limiter>();
  go_until_said([l](const sluice::chan<> &said) {
    l->permits.acquire();
    said.close();
    l->upstream.recv();
    l->permits.release();
  });
  for (int i = 0; i < 2; ++i)
    sluice::go([l] {
      l->permits.acquire();
      l->permits.release();
    });
}

// One worker of three never comes to its done().
void wait_group_with_a_stuck_worker() {
  struct job {
    sluice::wait_group left;
    sluice::chan<int> input{2};
  };
  auto j = std::make_shared<job>();
  j->left.add(3);
  for (int i = 0; i < 3; ++i)
    sluice::go([j] {
      j->input.recv();
      j->left.done();
    });
  j->input.send(1);
  j->input.send(2);
  sluice::go([j] { j->left.wait(); });
}

// The count is one too high.
void wait_group_counted_too_often() {
  auto left = std::make_shared<sluice::wait_group>();
  left->add(2);
  sluice::go([left] { left->done(); });
  sluice::go([left] { left->wait(); });
}

// Whoever came first to set it up is stuck in there.
void once_that_is_never_over() {
  struct lazy {
    sluice::once made;
    sluice::chan<int> configured;
    int value = 0;
  };
  auto l = std::make_shared<lazy>();
  go_until_said([l](const sluice::chan<> &said) {
    l->made.call([&] {
      said.close();
      l->value = *l->configured.recv();
    });
  });
  sluice::go([l] { l->made.call([] {}); });
}

// Three tasks in a row: each holds a lock that the one before wants.
void locks_in_a_row() {
  struct shard {
    sluice::mutex mu;
  };
  auto shards = std::make_shared<std::vector<shard>>(2);
  sluice::chan<int> never;
  go_until_said([=](const sluice::chan<> &said) {
    std::lock_guard hold((*shards)[1].mu);
    said.close();
    never.recv();
  });
  go_until_said([=](const sluice::chan<> &said) {
    std::lock_guard first((*shards)[0].mu);
    said.close();
    std::lock_guard second((*shards)[1].mu);
  });
  sluice::go([=] { std::lock_guard hold((*shards)[0].mu); });
}

// A barrier of three that only two come to.
class barrier {
public:
  explicit barrier(int n) : missing(n) {}
  void arrive() {
    std::unique_lock hold(mu);
    if (--missing == 0)
      all_here.notify_all();
    all_here.wait(hold, [&] { return missing == 0; });
  }

private:
  sluice::mutex mu;
  sluice::condition_variable all_here;
  int missing;
};

void barrier_with_one_too_few() {
  auto b = std::make_shared<barrier>(3);
  for (int i = 0; i < 2; ++i)
    sluice::go([b] { b->arrive(); });
}

const enter all{
    {"lock_of_a_stuck_refresher", lock_of_a_stuck_refresher, 3},
    {"static_lock_of_a_stuck_owner", static_lock_of_a_stuck_owner, 2},
    {"reader_that_keeps_the_writer_out", reader_that_keeps_the_writer_out, 2},
    {"writer_that_keeps_readers_out", writer_that_keeps_readers_out, 4},
    {"condition_that_nobody_notifies", condition_that_nobody_notifies, 2},
    {"notified_too_early", notified_too_early, 1},
    {"permits_of_stuck_tasks", permits_of_stuck_tasks, 3},
    {"wait_group_with_a_stuck_worker", wait_group_with_a_stuck_worker, 2},
    {"wait_group_counted_too_often", wait_group_counted_too_often, 1},
    {"once_that_is_never_over", once_that_is_never_over, 2},
    {"locks_in_a_row", locks_in_a_row, 3},
    {"barrier_with_one_too_few", barrier_with_one_too_few, 2},
};

} // namespace
