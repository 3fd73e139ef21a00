// What the headers behind sync.hpp promise.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/event.hpp"
#include "core/park.hpp"
#include "core/scheduler.hpp"
#include "misuse_log.hpp"
#include "waiting.hpp"

#include <sluice/chan.hpp>
#include <sluice/sync.hpp>
#include <sluice/task.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <vector>

using namespace sluice;
using namespace std::chrono_literals;
using test::misuse_log;

namespace {

constinit mutex static_mutex;
constinit shared_mutex static_shared_mutex{"static"};
constinit wait_group static_group;
constinit once static_once;
constinit condition_variable static_condition;
semaphore static_semaphore(1);

TEST(Mutex, ExcludesAndIsLockable) {
  int counter = 0;
  run([&] {
    mutex a{"a"}, b{named("b")};
    wait_group wg;
    for (int t = 0; t < 8; ++t) {
      wg.add();
      go([&] {
        for (int i = 0; i < 3000; ++i) {
          std::scoped_lock hold(a, b);
          ++counter;
          if (i % 100 == 0)
            yield();
        }
        wg.done();
      });
    }
    std::thread thread([&] {
      for (int i = 0; i < 3000; ++i) {
        std::lock_guard hold_a(a);
        std::lock_guard hold_b(b);
        ++counter;
      }
    });
    wg.wait();
    thread.join();
    EXPECT_TRUE(a.try_lock());
    wg.add();
    go([&] {
      EXPECT_FALSE(a.try_lock());
      wg.done();
    });
    wg.wait();
    a.unlock();
  });
  EXPECT_EQ(counter, 27000);
}

TEST(Mutex, WaitersComeInOrderWhenNobodyOvertakes) {
  run([] {
    mutex mu;
    std::vector<int> order;
    wait_group wg;
    mu.lock();
    for (int i = 0; i < 6; ++i) {
      wg.add();
      go([&, i] {
        {
          std::lock_guard hold(mu);
          order.push_back(i);
        }
        wg.done();
      });
      test::until_waiting(core::wait_reason::lock, i + 1);
    }
    mu.unlock();
    wg.wait();
    EXPECT_EQ(order, (std::vector{0, 1, 2, 3, 4, 5}));
  });
}

TEST(Mutex, MayBeDestroyedRightAfterItsLastUnlock) {
  struct shared_thing {
    mutex mu;
    int users = 2;
  };
  run([] {
    for (int i = 0; i < 3000; ++i) {
      auto *thing = new shared_thing;
      wait_group both;
      both.add(2);
      for (int t = 0; t < 2; ++t)
        go([&both, thing] {
          thing->mu.lock();
          const bool last = --thing->users == 0;
          thing->mu.unlock();
          if (last)
            delete thing; // the other has unlocked, but may still be inside of unlock()
          both.done();
        });
      both.wait();
    }
  });
}

TEST(Mutex, StrangersAndEarlyDestructionAreMisuse) {
  misuse_log log;
  run([&] {
    mutex mu;
    mu.lock();
    wait_group wg;
    wg.add();
    go([&] {
      mu.unlock();
      wg.done();
    });
    wg.wait();
    EXPECT_EQ(log.only(), core::misuse_kind::unlock_by_stranger);
    EXPECT_NE(log.seen()[0].where.line(), log.seen()[0].other_where.line());
    const core::held_list &held = core::self()->held;
    const auto seen_held = [&] {
      int n = 0;
      held.for_each([&](const core::held_lock &) { ++n; });
      return n;
    };
    EXPECT_EQ(seen_held(), 0);
    EXPECT_TRUE(mu.try_lock()); // the unlock took place
    EXPECT_EQ(seen_held(), 1);
    mu.unlock();
    EXPECT_EQ(seen_held(), 0);
    log.seen().clear();
    mu.unlock();
    EXPECT_EQ(log.only(), core::misuse_kind::unlock_by_stranger);
    EXPECT_EQ(held.size(), 0u);
    log.seen().clear();
    {
      mutex locked;
      locked.lock();
      core::self()->held.pop(reinterpret_cast<const core::primitive *>(&locked)); // a clean end
    }
    EXPECT_EQ(log.only(), core::misuse_kind::destroyed_while_locked);
  });
}

TEST(SharedMutex, ReadersShareAndAWaitingWriterHoldsBackNewOnes) {
  run([] {
    shared_mutex mu;
    std::shared_lock reading(mu);
    EXPECT_TRUE(mu.try_lock_shared());
    mu.unlock_shared();
    EXPECT_FALSE(mu.try_lock());
    chan<int> order(3);
    chan<> released;
    go([&] {
      {
        std::lock_guard writing(mu);
        order.send(1);
      }
      released.send();
    });
    test::until_waiting(core::wait_reason::lock, 1);
    EXPECT_FALSE(mu.try_lock_shared());
    for (int i = 0; i < 2; ++i)
      go([&] {
        {
          std::shared_lock second(mu);
          order.send(2);
        }
        released.send();
      });
    test::until_waiting(core::wait_reason::rlock, 2);
    EXPECT_EQ(order.size(), 0u);
    reading.unlock();
    for (int expected : {1, 2, 2})
      EXPECT_EQ(order.recv(), expected);
    for (int i = 0; i < 3; ++i)
      released.recv();
    EXPECT_TRUE(mu.try_lock());
    EXPECT_FALSE(mu.try_lock_shared());
    mu.unlock();
  });
}

TEST(SharedMutex, KeepsReadersAndWritersApart) {
  run([] {
    shared_mutex mu;
    std::atomic<int> inside{0};
    int writes = 0;
    wait_group wg;
    for (int t = 0; t < 8; ++t) {
      wg.add();
      go([&, t] {
        for (int i = 0; i < 1000; ++i)
          if ((i + t) % 8 == 0) {
            std::lock_guard hold(mu);
            EXPECT_EQ(inside.fetch_add(100), 0);
            ++writes;
            inside -= 100;
          } else {
            std::shared_lock hold(mu);
            EXPECT_LT(inside++, 100);
            if (i % 50 == 0)
              yield();
            --inside;
          }
        wg.done();
      });
    }
    wg.wait();
    EXPECT_EQ(writes, 1000);
  });
}

TEST(SharedMutex, UnlockingWhatOneDoesNotHoldIsMisuse) {
  misuse_log log;
  shared_mutex mu;
  mu.unlock_shared();
  EXPECT_EQ(log.only(), core::misuse_kind::unlock_by_stranger);
  EXPECT_TRUE(mu.try_lock());
  mu.unlock();
}

TEST(ConditionVariable, WakesInOrderAndWithItsLock) {
  run([] {
    mutex mu;
    condition_variable cv{"ready"};
    int turn = 0;
    chan<int> order(5);
    for (int i = 0; i < 3; ++i) {
      go([&, i] {
        std::unique_lock lock(mu);
        cv.wait(lock);
        EXPECT_TRUE(lock.owns_lock());
        lock.unlock();
        order.send(i);
      });
      test::until_waiting(core::wait_reason::cond, i + 1);
    }
    for (int i = 0; i < 3; ++i) {
      cv.notify_one();
      EXPECT_EQ(order.recv(), i);
    }
    go([&] {
      std::unique_lock lock(mu);
      cv.wait(lock, [&] { return turn == 2; });
      lock.unlock();
      order.send(9);
    });
    for (bool last = false; !last;) {
      test::until_waiting(core::wait_reason::cond, 1);
      std::lock_guard hold(mu);
      last = ++turn == 2;
      cv.notify_all();
    }
    EXPECT_EQ(order.recv(), 9);
  });
}

TEST(ConditionVariable, TimesOutAndWaitsOnOtherLocks) {
  run([] {
    shared_mutex mu;
    condition_variable cv;
    std::shared_lock lock(mu);
    EXPECT_EQ(cv.wait_for(lock, 2ms), std::cv_status::timeout);
    EXPECT_FALSE(cv.wait_until(lock, std::chrono::system_clock::now() + 2ms, [] { return false; }));
    EXPECT_TRUE(cv.wait_for(lock, 2ms, [] { return true; }));
    go([&] {
      std::lock_guard writing(mu); // possible only while the other waits
      cv.notify_one();
    });
    EXPECT_EQ(cv.wait_for(lock, 10s), std::cv_status::no_timeout);
    EXPECT_TRUE(lock.owns_lock()); // so the writer has unlocked
    std::unique_lock<shared_mutex> not_held(mu, std::defer_lock);
    EXPECT_THROW(cv.wait(not_held), std::system_error);
  });
}

TEST(ConditionVariable, LosesNoNotification) {
  run([] {
    mutex mu;
    condition_variable not_empty, not_full;
    int queued = 0, produced = 0, consumed = 0;
    constexpr int all = 8000;
    wait_group wg;
    for (int t = 0; t < 4; ++t) {
      wg.add(2);
      go([&] {
        for (int i = 0; i < all / 4; ++i) {
          std::unique_lock lock(mu);
          not_full.wait(lock, [&] { return queued < 2; });
          ++queued, ++produced;
          not_empty.notify_one();
        }
        wg.done();
      });
      go([&] {
        for (int i = 0; i < all / 4; ++i) {
          std::unique_lock lock(mu);
          while (!not_empty.wait_for(lock, 50us, [&] { return queued > 0; }))
            ;
          --queued, ++consumed;
          not_full.notify_one();
        }
        wg.done();
      });
    }
    wg.wait();
    EXPECT_EQ(produced, all);
    EXPECT_EQ(consumed, all);
  });
}

TEST(ConditionVariable, MayBeDestroyedRightAfterNotifyAll) {
  run([] {
    mutex mu;
    for (int i = 0; i < 2000; ++i) {
      auto cv = std::make_unique<condition_variable>();
      bool waits = false;
      chan<> gone;
      go([&, c = cv.get()] {
        std::unique_lock lock(mu);
        waits = true;
        c->wait(lock);
        lock.unlock();
        gone.close();
      });
      for (bool notified = false; !notified; yield()) {
        std::lock_guard hold(mu);
        if ((notified = waits)) {
          cv->notify_all();
          cv.reset();
        }
      }
      gone.recv();
    }
  });
}

TEST(Statics, MayBeUsedBeforeRun) {
  std::lock_guard hold(static_mutex);
  std::shared_lock reading(static_shared_mutex);
  static_group.add();
  static_group.done();
  static_group.wait();
  static bool ran = false;
  static_once.call([&] { ran = true; });
  EXPECT_TRUE(ran);
  static_condition.notify_all();
  static_semaphore.acquire();
  static_semaphore.release();
}

TEST(Held, EveryHoldIsBookedWithItsPlace) {
  run([] {
    mutex a;
    shared_mutex b;
    auto &held = core::self()->held;
    const auto before = held.size();
    a.lock();
    const auto line = std::source_location::current().line() - 1;
    b.lock_shared();
    std::vector<core::held_lock> all;
    held.for_each([&](const core::held_lock &h) { all.push_back(h); });
    ASSERT_EQ(all.size(), before + 2);
    EXPECT_EQ(all[before].where.line(), line);
    EXPECT_FALSE(all[before].shared);
    EXPECT_TRUE(all[before + 1].shared);
    a.unlock();
    b.unlock_shared();
    EXPECT_EQ(held.size(), before);
  });
}

} // namespace
