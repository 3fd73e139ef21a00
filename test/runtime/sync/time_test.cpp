// What time.hpp, context.hpp and task_group.hpp promise.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/context.hpp>
#include <sluice/select.hpp>
#include <sluice/task.hpp>
#include <sluice/task_group.hpp>
#include <sluice/time.hpp>

#include <gtest/gtest.h>

#include <thread>
#include <vector>

using namespace sluice;
using namespace std::chrono_literals;

namespace {

TEST(Timer, DeliversOnceAfterItsTime) {
  run([] {
    const auto start = clock::now();
    auto at = after(5ms).recv();
    EXPECT_GE(*at - start, 5ms);
    EXPECT_TRUE(after(0s).try_recv());
    EXPECT_TRUE(after(-1h).try_recv());
    recv_chan<clock::time_point> c = after(1ms);
    EXPECT_TRUE(c.recv());
    EXPECT_FALSE(c.recv_for(5ms));
    EXPECT_FALSE(after(std::chrono::hours::max()).try_recv());
  });
}

TEST(Timer, StopAndResetSayWhetherItWasPending) {
  run([] {
    timer t(10s);
    EXPECT_TRUE(t.stop());
    EXPECT_FALSE(t.stop());
    EXPECT_FALSE(t.reset(1ms));
    sleep_for(5ms);
    EXPECT_FALSE(t.reset(10s)); // it fired, and the old time is gone
    EXPECT_FALSE(t.channel().try_recv());
    EXPECT_TRUE(t.reset(1ms));
    EXPECT_TRUE(t.channel().recv());
    EXPECT_FALSE(t.reset(0s));
    EXPECT_FALSE(t.stop());
    EXPECT_FALSE(t.channel().try_recv());
    timer moved = std::move(t);
    EXPECT_FALSE(moved.reset(1ms));
    EXPECT_TRUE(moved.channel().recv());
  });
}

TEST(Timer, NoOldValueSurvivesAResetThatRacesWithTheFiring) {
  run([] {
    timer t(10us);
    for (int i = 0; i < 500; ++i) {
      sleep_for(std::chrono::microseconds(i % 30));
      const auto before = clock::now();
      t.reset(20us);
      const auto at = t.channel().recv();
      ASSERT_GE(*at - before, 20us);
    }
  });
}

TEST(AfterFunc, StartsATask) {
  run([] {
    chan<int> c;
    auto t = after_func(1ms, [=] { c.send(1); }); // it may wait, being a task
    EXPECT_FALSE(t.channel());
    EXPECT_EQ(c.recv(), 1);
    EXPECT_FALSE(t.reset(1ms));
    EXPECT_EQ(c.recv(), 1);
    after_func(1ms, [=] { c.send(2); });
    EXPECT_EQ(c.recv(), 2);
    auto never = after_func(1h, [=] { c.send(3); });
    EXPECT_TRUE(never.stop());
    EXPECT_FALSE(never.stop());
    after_func(0s, [=] { c.send(4); });
    EXPECT_EQ(c.recv(), 4);
  });
}

TEST(Ticker, DropsTicksAndStops) {
  EXPECT_THROW(ticker(0ms), std::invalid_argument);
  run([] {
    recv_chan<clock::time_point> c;
    {
      ticker t(1ms);
      c = t.channel();
      auto first = *c.recv();
      EXPECT_GT(*c.recv(), first); // a late tick does not delay the ones after it
      sleep_for(10ms);
      EXPECT_EQ(c.size(), 1u);
      t.reset(2ms);
      EXPECT_TRUE(c.recv());
      t.stop();
      EXPECT_FALSE(c.recv_for(5ms));
      t.reset(1ms);
      EXPECT_TRUE(c.recv());
    }
    EXPECT_FALSE(c.recv_for(5ms));
  });
}

TEST(Context, TheBackgroundNeverEnds) {
  context ctx, same = context::background();
  EXPECT_FALSE(ctx.done());
  EXPECT_FALSE(ctx.err());
  EXPECT_FALSE(ctx.deadline());
  EXPECT_EQ(ctx, same);
  cancel_function none;
  none();
  EXPECT_FALSE(none);
}

TEST(Context, CancelGoesDownAndNotUp) {
  run([] {
    auto [top, cancel_top] = with_cancel({});
    auto [left, cancel_left] = with_cancel(top);
    auto [right, cancel_right] = with_timeout(top, 1h);
    EXPECT_TRUE(right.deadline());
    cancel_left();
    cancel_left();
    EXPECT_EQ(left.err(), context_errc::canceled);
    EXPECT_FALSE(top.err());
    EXPECT_FALSE(right.err());
    go([cancel = cancel_top] { cancel(); });
    right.done().recv();
    EXPECT_EQ(right.err(), context_errc::canceled);
    auto [late, cancel_late] = with_timeout(top, 1h);
    EXPECT_EQ(late.err(), context_errc::canceled);
    EXPECT_FALSE(late.done().recv());
    EXPECT_FALSE(late.err().message().empty());
  });
}

TEST(Context, EndsAtItsDeadlineOrItsParents) {
  run([] {
    auto [ctx, cancel] = with_timeout({}, 3ms);
    auto [child, cancel_child] = with_timeout(ctx, 1h);
    EXPECT_EQ(child.deadline(), ctx.deadline());
    child.done().recv();
    EXPECT_EQ(ctx.err(), context_errc::deadline_exceeded);
    EXPECT_EQ(child.err(), context_errc::deadline_exceeded);
    auto past = with_deadline({}, std::chrono::system_clock::now() - 1s);
    EXPECT_EQ(past.ctx.err(), context_errc::deadline_exceeded);
    auto [stopped, stop] = with_deadline({}, clock::now() + 1h);
    stop();
    EXPECT_EQ(stopped.err(), context_errc::canceled);
  });
}

TEST(Context, EndsWithAStopToken) {
  run([] {
    std::stop_source source;
    auto [ctx, cancel] = with_stop_token({}, source.get_token());
    EXPECT_FALSE(ctx.err());
    std::thread([&] { source.request_stop(); }).join();
    ctx.done().recv();
    EXPECT_EQ(ctx.err(), context_errc::canceled);
    EXPECT_EQ(with_stop_token({}, source.get_token()).ctx.err(), context_errc::canceled);
    {
      auto dropped = with_stop_token({}, std::stop_source().get_token());
    }
  });
}

TEST(Context, ADeepChainEndsWithoutRecursion) {
  run([] {
    auto top = with_cancel({});
    context ctx = top.ctx;
    for (int i = 0; i < 20000; ++i)
      ctx = with_cancel(ctx).ctx;
    top.cancel();
    EXPECT_TRUE(ctx.err());
  });
}

TEST(Context, ChildrenMayGoWhileTheParentEnds) {
  run([] {
    for (int i = 0; i < 300; ++i) {
      auto parent = with_cancel({});
      task_group g;
      for (int t = 0; t < 4; ++t)
        g.go([ctx = parent.ctx] {
          for (int k = 0; k < 10; ++k) {
            auto child = with_timeout(ctx, std::chrono::microseconds(k));
            auto grandchild = with_cancel(child.ctx);
          }
        });
      parent.cancel();
      g.wait();
    }
  });
}

TEST(TaskGroup, WaitsForAllAndRethrowsTheFirstException) {
  run([] {
    task_group g;
    std::atomic<int> ended{0};
    for (int i = 0; i < 5; ++i)
      g.go([&] {
        g.ctx().done().recv();
        ++ended;
      });
    g.go("failing", [] { throw std::runtime_error("first"); });
    EXPECT_THROW(g.wait(), std::runtime_error);
    EXPECT_EQ(ended, 5);
    EXPECT_EQ(g.ctx().err(), context_errc::canceled);
    g.wait(); // once is enough
  });
}

TEST(TaskGroup, ItsDestructorCancelsAndWaits) {
  run([] {
    bool ended = false;
    auto [parent, cancel] = with_cancel({});
    {
      task_group g("workers", parent);
      g.go([&] {
        g.go([] {});
        g.ctx().done().recv();
        ended = true;
      });
    }
    EXPECT_TRUE(ended);
    EXPECT_FALSE(parent.err());
  });
}

} // namespace
