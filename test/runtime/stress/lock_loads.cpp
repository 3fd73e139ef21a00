// Locks under random schedules: nobody is inside with another, nobody waits for ever.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "crowd.hpp"
#include "load.hpp"

#include <sluice/condition_variable.hpp>
#include <sluice/mutex.hpp>
#include <sluice/shared_mutex.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <mutex>
#include <shared_mutex>

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

void lock_somehow(mutex &mu, chance &own) {
  if (own.one_in(4))
    while (!mu.try_lock())
      own.pause();
  else
    mu.lock();
}

void mutexes_exclude(chance &random) {
  mutex mu;
  long counter = 0, expected = 0;
  const int each = 200 * size_factor;
  crowd members(random);
  for (int m = 2 + static_cast<int>(random.below(6)); m > 0; --m, expected += each)
    members.add([&](chance &own) {
      for (int i = 0; i < each; ++i, own.pause()) {
        lock_somehow(mu, own);
        const long seen = counter;
        if (own.one_in(4))
          own.pause(); // also parks while it holds the lock
        counter = seen + 1;
        mu.unlock();
      }
    });
  members.wait();
  EXPECT_EQ(counter, expected);
}

void pairs_of_mutexes(chance &random) {
  mutex all[3];
  long counters[3] = {};
  const int each = 100 * size_factor;
  int count = 0;
  crowd members(random);
  for (int m = 2 + static_cast<int>(random.below(4)); m > 0; --m, ++count)
    members.add([&](chance &own) {
      for (int i = 0; i < each; ++i, own.pause()) {
        const auto a = own.below(3), b = (a + 1 + own.below(2)) % 3;
        std::scoped_lock both(all[a], all[b]);
        ++counters[a];
        ++counters[b];
        if (own.one_in(8))
          own.pause();
      }
    });
  members.wait();
  EXPECT_EQ(counters[0] + counters[1] + counters[2], 2L * each * count);
}

void readers_and_writers(chance &random) {
  shared_mutex mu;
  long one = 0, other = 0;
  std::atomic<long> writes{0};
  const int each = 150 * size_factor;
  crowd members(random);
  for (int m = 2 + static_cast<int>(random.below(6)); m > 0; --m)
    members.add([&](chance &own) {
      for (int i = 0; i < each; ++i, own.pause()) {
        if (own.one_in(4)) {
          std::unique_lock hold(mu, std::defer_lock);
          if (own.one_in(3) ? !hold.try_lock() : (hold.lock(), false))
            continue;
          ++one;
          own.pause();
          ++other;
          ++writes;
        } else {
          std::shared_lock hold(mu, std::defer_lock);
          if (own.one_in(3) ? !hold.try_lock() : (hold.lock(), false))
            continue;
          const long seen = one;
          own.pause();
          EXPECT_EQ(seen, other);
        }
      }
    });
  members.wait();
  EXPECT_EQ(one, writes);
  EXPECT_EQ(other, writes);
}

/// A bounded queue made of a lock and two conditions.
struct bounded_queue {
  mutex mu;
  condition_variable not_empty, not_full;
  std::deque<int> items;
  bool closed = false;
  static constexpr std::size_t most = 3;

  void put(int v, chance &own) {
    std::unique_lock lock(mu);
    const auto room = [&] { return items.size() < most; };
    if (own.one_in(3))
      while (!not_full.wait_for(lock, own.up_to(60us), room))
        ;
    else
      not_full.wait(lock, room);
    items.push_back(v);
    if (own.one_in(2))
      lock.unlock(); // notifying with and without the lock
    not_empty.notify_one();
  }
  bool take(int &v, chance &own) {
    std::unique_lock lock(mu);
    const auto some = [&] { return closed || !items.empty(); };
    if (own.one_in(3))
      while (!not_empty.wait_for(lock, own.up_to(60us), some))
        ;
    else
      not_empty.wait(lock, some);
    if (items.empty())
      return false;
    v = items.front();
    items.pop_front();
    not_full.notify_one();
    return true;
  }
  void close() {
    std::lock_guard hold(mu);
    closed = true;
    not_empty.notify_all();
  }
};

// Each put wakes one taker and each take one putter, so a notification that is lost is a hang.
void conditions_lose_nothing(chance &random) {
  bounded_queue q;
  std::atomic<long> in{0}, out{0};
  const int each = 100 * size_factor;
  crowd putting(random), taking(random);
  for (int m = 1 + static_cast<int>(random.below(4)); m > 0; --m)
    putting.add([&](chance &own) {
      for (int i = 1; i <= each; ++i, own.pause()) {
        q.put(i, own);
        in += i;
      }
    });
  for (int m = 1 + static_cast<int>(random.below(4)); m > 0; --m)
    taking.add([&](chance &own) {
      for (int v = 0; q.take(v, own); own.pause())
        out += v;
    });
  putting.wait();
  q.close();
  taking.wait();
  EXPECT_EQ(in, out);
}

// Of two that wait, the first gives up at about the moment of the only notification: if it was not
// the one notified, the other one was.
void one_notification(chance &random) {
  mutex mu;
  condition_variable cv;
  int waiting = 0;
  std::atomic<bool> notified{false}, second_woken{false};
  crowd members(random);
  const auto d = 20us + random.up_to(60us);
  members.add([&](chance &) {
    std::unique_lock lock(mu);
    ++waiting;
    notified = cv.wait_for(lock, d) == std::cv_status::no_timeout;
    while (waiting < 2) {
      lock.unlock();
      yield();
      lock.lock();
    }
    ++waiting;
  });
  members.add([&](chance &) {
    std::unique_lock lock(mu);
    while (waiting < 1) {
      lock.unlock();
      yield();
      lock.lock();
    }
    ++waiting;
    cv.wait(lock);
    second_woken = true;
  });
  bool given = false;
  std::unique_lock lock(mu);
  while (waiting < 3) {
    const bool both = waiting == 2;
    lock.unlock();
    if (both && !given) {
      chance::spin(random.below(3000));
      cv.notify_one();
      given = true;
    }
    yield();
    lock.lock();
  }
  lock.unlock();
  if (!given || notified) // so the other one still waits
    cv.notify_one();
  members.wait();
  EXPECT_TRUE(second_woken);
}

void notifications_find_somebody(chance &random) {
  for (int i = 0; i < 25 * size_factor; ++i)
    one_notification(random);
}

// A barrier of many, again and again: each round ends by one notify_all.
void barriers(chance &random) {
  mutex mu;
  condition_variable turned;
  const int parties = 2 + static_cast<int>(random.below(5)), rounds = 40 * size_factor;
  int arrived = 0, round = 0;
  crowd members(random);
  for (int m = 0; m < parties; ++m)
    members.add([&](chance &own) {
      for (int r = 0; r < rounds; ++r, own.pause()) {
        std::unique_lock lock(mu);
        EXPECT_EQ(round, r);
        if (++arrived == parties) {
          arrived = 0;
          ++round;
          turned.notify_all();
        } else {
          turned.wait(lock, [&] { return round > r; });
        }
      }
    });
  members.wait();
  EXPECT_EQ(round, rounds);
}

constexpr load loads[] = {
    {"MutexesExclude", mutexes_exclude},
    {"PairsOfMutexes", pairs_of_mutexes},
    {"ReadersAndWriters", readers_and_writers},
    {"ConditionsLoseNothing", conditions_lose_nothing},
    {"NotificationsFindSomebody", notifications_find_somebody},
    {"Barriers", barriers},
};

} // namespace

std::span<const load> lock_loads() { return loads; }

} // namespace sluice::test
