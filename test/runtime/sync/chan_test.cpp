// What chan.hpp promises.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "misuse_log.hpp"

#include <sluice/chan.hpp>
#include <sluice/context.hpp>
#include <sluice/task.hpp>
#include <sluice/wait_group.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <numeric>
#include <string>
#include <thread>

using namespace sluice;
using namespace std::chrono_literals;

namespace {

struct only_movable {
  explicit only_movable(int v) : v(std::make_unique<int>(v)) {}
  std::unique_ptr<int> v;
};

/// Counts its lives, and its copies may throw.
struct throwing {
  static inline std::atomic<int> alive{0};
  int v;
  explicit throwing(int v) : v(v) { ++alive; }
  throwing(const throwing &o) : v(o.v) { ++alive; }
  throwing &operator=(const throwing &) = default;
  ~throwing() { --alive; }
};

TEST(Chan, ZeroIsACapacityAndNotTheNilChannel) {
  chan<int> c(0);
  EXPECT_TRUE(c);
  EXPECT_EQ(c.capacity(), 0u);
  chan<int> nil = nullptr;
  EXPECT_FALSE(nil);
  EXPECT_TRUE(nil == nullptr);
  static_assert(!std::is_convertible_v<int, chan<int>>);
  EXPECT_THROW(chan<int>(-1), std::length_error);
}

TEST(Chan, HandlesCompareAcrossDirections) {
  chan<int> a, b;
  send_chan<int> s = a;
  recv_chan<int> r = a;
  EXPECT_TRUE(s == r && a == s && r == a);
  EXPECT_FALSE(b == r);
  static_assert(!std::is_convertible_v<send_chan<int>, chan<int>>);
  static_assert(!std::is_convertible_v<recv_chan<int>, send_chan<int>>);
  chan<int> moved = std::move(a);
  EXPECT_FALSE(a);
  EXPECT_EQ(moved, s);
  EXPECT_FALSE(send_chan<int>());
}

TEST(Chan, BuffersInOrder) {
  chan<int> c{named("jobs"), 3};
  EXPECT_EQ(c.capacity(), 3u);
  for (int round = 0; round < 5; ++round) {
    for (int i = 0; i < 3; ++i)
      EXPECT_TRUE(c.try_send(i));
    EXPECT_EQ(c.size(), 3u);
    EXPECT_FALSE(c.try_send(9));
    for (int i = 0; i < 2; ++i)
      EXPECT_EQ(c.recv(), i);
    EXPECT_EQ(c.try_recv(), 2);
    EXPECT_EQ(c.try_recv(), std::nullopt);
  }
}

TEST(Chan, HandsOverWithoutABuffer) {
  const int sum = run([] {
    chan<int> c;
    EXPECT_FALSE(c.try_send(1));
    go([=] {
      for (int i = 1; i <= 100; ++i)
        c.send(i);
      c.close();
    });
    int sum = 0;
    for (int v : c)
      sum += v;
    return sum;
  });
  EXPECT_EQ(sum, 5050);
}

TEST(Chan, ClosingWakesEverybody) {
  run([] {
    chan<int> empty, full(1);
    full.send(1);
    wait_group wg;
    wg.add(6);
    std::atomic<int> nothing{0}, thrown{0};
    for (int i = 0; i < 3; ++i) {
      go([&] {
        nothing += !empty.recv();
        wg.done();
      });
      go([&] {
        try {
          full.send(2);
        } catch (const channel_error &) {
          ++thrown;
        }
        wg.done();
      });
    }
    sleep_for(2ms);
    empty.close();
    full.close();
    wg.wait();
    EXPECT_EQ(nothing, 3);
    EXPECT_EQ(thrown, 3);
    EXPECT_EQ(full.recv(), 1);
    EXPECT_EQ(full.recv(), std::nullopt);
    EXPECT_THROW(full.send(3), channel_error);
    EXPECT_THROW((void)full.try_send(3), channel_error);
    test::misuse_log log;
    EXPECT_THROW(full.close(), channel_error);
    EXPECT_EQ(log.only(), core::misuse_kind::close_of_closed);
    EXPECT_THROW(chan<int>(nullptr).close(), channel_error);
    EXPECT_EQ(log.seen().back().kind, core::misuse_kind::close_of_nil);
  });
}

TEST(Chan, WaitersAreServedInOrder) {
  run([] {
    chan<int> c, order(10);
    for (int i = 0; i < 5; ++i) {
      go([=] {
        c.recv();
        order.send(i);
      });
      sleep_for(1ms);
    }
    for (int i = 0; i < 5; ++i) {
      c.send(0);
      EXPECT_EQ(order.recv(), i);
    }
  });
}

TEST(Chan, CarriesAnyMovableType) {
  struct local {
    int v;
  };
  run([] {
    chan<only_movable> c(1);
    only_movable first(7);
    EXPECT_TRUE(c.try_send(std::move(first)));
    only_movable kept(8);
    EXPECT_FALSE(c.try_send(std::move(kept)));
    ASSERT_TRUE(kept.v); // not sent, so not moved from
    EXPECT_FALSE(c.send_for(std::move(kept), 1ms));
    ASSERT_TRUE(kept.v);
    go([=] {
      c.send(only_movable(9));
      c.close();
    });
    int sum = 0;
    for (only_movable m : c)
      sum += *m.v;
    EXPECT_EQ(sum, 16);
    chan<local> l(1);
    l.send({5});
    EXPECT_EQ(l.recv()->v, 5);
    chan<> signal(3);
    signal.send({});
    signal.send();
    signal.send(unit{});
    EXPECT_EQ(signal.size(), 3u);
    chan<std::string> s(1);
    s.send("text");
    EXPECT_EQ(*s.recv(), "text");
  });
}

TEST(Chan, TypesThatThrowAreNeitherLostNorLeaked) {
  {
    chan<throwing> c(2);
    c.send(throwing(1));
    throwing kept(2);
    EXPECT_TRUE(c.try_send(kept));
    EXPECT_FALSE(c.try_send(throwing(3)));
    EXPECT_EQ(c.recv()->v, 1);
  } // one is still buffered
  EXPECT_EQ(throwing::alive, 0);
}

TEST(Chan, GivesUpAfterATime) {
  run([] {
    chan<int> c, nil = nullptr;
    const auto start = clock::now();
    EXPECT_EQ(c.recv_for(5ms), std::nullopt);
    EXPECT_FALSE(c.send_for(1, 5ms));
    EXPECT_EQ(nil.recv_for(1ms), std::nullopt);
    EXPECT_GE(clock::now() - start, 11ms);
    go([=] { c.send(4); });
    EXPECT_EQ(c.recv_for(10s), 4);
    EXPECT_EQ(c.size(), 0u);
  });
}

TEST(Chan, GivesUpWhenTheContextEnds) {
  run([] {
    chan<int> c;
    auto [ctx, cancel] = with_cancel({});
    go([cancel = cancel] {
      sleep_for(2ms);
      cancel();
    });
    EXPECT_EQ(c.recv(ctx), std::nullopt);
    EXPECT_FALSE(c.send(1, ctx));
    go([=] { c.send(3); });
    EXPECT_EQ(c.recv(context()), 3);
    chan<int> closed;
    closed.close();
    EXPECT_EQ(closed.recv(context()), std::nullopt);
    EXPECT_THROW(closed.send(1, context()), channel_error);
  });
}

TEST(Chan, ServesThreadsAndTasksAlike) {
  chan<int> c, back(4);
  std::thread thread([=] {
    for (int v : c)
      back.send(2 * v);
    back.close();
  });
  go([=] {
    for (int i = 0; i < 1000; ++i)
      c.send(i);
    c.close();
  });
  int sum = 0;
  for (int v : back)
    sum += v;
  thread.join();
  EXPECT_EQ(sum, 999000);
}

class Stress : public testing::TestWithParam<int> {};

TEST_P(Stress, NoValueIsLostOrDoubled) {
  const int capacity = GetParam();
  constexpr int senders = 4, receivers = 4, each = 5000;
  std::vector<std::atomic<int>> seen(senders * each);
  run([&] {
    chan<int> c(capacity);
    wait_group sent, received;
    sent.add(senders);
    received.add(receivers);
    for (int s = 0; s < senders; ++s)
      go([&, s] {
        for (int i = 0; i < each; ++i) {
          const int v = s * each + i;
          if (v % 7 == 0)
            while (!c.send_for(v, 10us))
              ;
          else
            c.send(v);
        }
        sent.done();
      });
    for (int r = 0; r < receivers; ++r)
      go([&, r] {
        int last[senders];
        std::fill_n(last, senders, -1);
        for (int v : c) {
          ++seen[v];
          EXPECT_LT(last[v / each], v); // each sender's values stay in order
          last[v / each] = v;
          if ((v + r) % 64 == 0)
            yield();
        }
        received.done();
      });
    sent.wait();
    c.close();
    received.wait();
  });
  for (auto &n : seen)
    ASSERT_EQ(n, 1);
}
INSTANTIATE_TEST_SUITE_P(Capacities, Stress, testing::Values(0, 1, 3, 64));

} // namespace
