// Wait groups, once and semaphores.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/event.hpp"
#include "core/park.hpp"
#include "core/scheduler.hpp"
#include "misuse_log.hpp"

#include <sluice/chan.hpp>
#include <sluice/sync.hpp>
#include <sluice/task.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <thread>
#include <vector>

using namespace sluice;
using namespace std::chrono_literals;
using test::misuse_log;

namespace {

TEST(WaitGroup, WaitsForAllAndMayThenBeDestroyed) {
  run([] {
    for (int i = 0; i < 3000; ++i) {
      auto wg = std::make_unique<wait_group>();
      int work[2] = {};
      wg->add(2);
      for (int &w : work)
        go([&w, g = wg.get()] {
          w = 1;
          g->done();
        });
      wg->wait();
      wg.reset();
      EXPECT_EQ(work[0] + work[1], 2);
    }
  });
}

TEST(WaitGroup, ANegativeCountThrows) {
  misuse_log log;
  wait_group wg;
  EXPECT_THROW(wg.done(), std::logic_error);
  EXPECT_EQ(log.only(), core::misuse_kind::negative_wait_group);
  wg.add(2);
  EXPECT_THROW(wg.add(-3), std::logic_error);
  wg.add(-2);
  wg.wait();
}

TEST(WaitGroup, AddingFromZeroWhileAnotherWaitsIsMisuse) {
  run([] {
    misuse_log log;
    wait_group wg;
    wg.add();
    chan<> returned;
    go([&] {
      wg.wait();
      returned.close();
    });
    sleep_for(5ms);
    // With one scheduler thread the waiter cannot have returned before the addition.
    wg.done();
    wg.add();
    wg.done();
    returned.recv();
    if (core::worker_count() == 1) {
      EXPECT_EQ(log.only(), core::misuse_kind::add_while_waited_on);
    }
    log.seen().clear();
    wg.add();
    wg.done();
    wg.wait();
    EXPECT_TRUE(log.seen().empty());
  });
}

TEST(Once, RunsOnceAndLaterCallersWait) {
  run([] {
    once o{"tables"};
    int runs = 0;
    wait_group wg;
    for (int i = 0; i < 10; ++i) {
      wg.add();
      go([&] {
        o.call([&] {
          sleep_for(2ms);
          ++runs;
        });
        EXPECT_EQ(runs, 1);
        wg.done();
      });
    }
    wg.wait();
    o.call([&] { ++runs; });
    EXPECT_EQ(runs, 1);
  });
}

TEST(Once, AnExceptionLetsTheNextTry) {
  run([] {
    once o;
    int runs = 0;
    std::atomic<int> failures{0};
    wait_group wg;
    for (int i = 0; i < 5; ++i) {
      wg.add();
      go([&] {
        try {
          o.call([&] {
            yield();
            if (++runs < 3)
              throw 1;
          });
        } catch (int) {
          ++failures;
        }
        wg.done();
      });
    }
    wg.wait();
    EXPECT_EQ(runs, 3);
    EXPECT_EQ(failures, 2);
  });
}

TEST(Semaphore, HandsOutAsManyAsThereAre) {
  EXPECT_THROW(semaphore(-1), std::invalid_argument);
  run([] {
    semaphore slots("slots", 3);
    std::atomic<int> inside{0};
    wait_group wg;
    for (int i = 0; i < 20; ++i) {
      wg.add();
      go([&] {
        for (int k = 0; k < 200; ++k) {
          slots.acquire();
          EXPECT_LE(++inside, 3);
          if (k % 20 == 0)
            yield();
          --inside;
          slots.release();
        }
        wg.done();
      });
    }
    wg.wait();
    for (int i = 0; i < 3; ++i)
      EXPECT_TRUE(slots.try_acquire());
    EXPECT_FALSE(slots.try_acquire());
    slots.release(3);
    EXPECT_THROW(slots.release(-1), std::invalid_argument);
  });
}

TEST(Semaphore, MayBeDestroyedRightAfterTheAcquireThatWasWaitedFor) {
  run([] {
    for (int i = 0; i < 3000; ++i) {
      auto s = std::make_unique<semaphore>(0);
      go([p = s.get()] { p->release(); });
      s->acquire();
    }
  });
}

} // namespace
