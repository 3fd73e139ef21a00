// Channels under random schedules: nothing lost, nothing doubled, everybody ends.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "carried.hpp"
#include "crowd.hpp"
#include "load.hpp"

#include <sluice/chan.hpp>
#include <sluice/context.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <optional>
#include <vector>

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

int some_capacity(chance &random) {
  constexpr int capacities[] = {0, 0, 1, 2, 7, 64};
  return capacities[random.below(std::size(capacities))];
}

/// Sends in one of the ways there are; returns once it is sent, throws if the channel is closed.
template <class T> void send_somehow(const chan<T> &c, int v, chance &own) {
  T value(v);
  for (;;) {
    switch (own.below(6)) {
    case 0:
      if (c.try_send(std::move(value)))
        return;
      break;
    case 1:
      if (c.send_for(std::move(value), own.up_to(50us)))
        return;
      break;
    case 2: {
      auto [ctx, cancel] = with_timeout({}, own.up_to(50us));
      if (c.send(std::move(value), ctx))
        return;
      break;
    }
    default:
      c.send(std::move(value));
      return;
    }
    own.pause(); // not sent, so `value` is still there
  }
}

/// Receives in one of the ways there are; empty: closed, or nothing came in time.
template <class T> std::optional<T> receive_somehow(const chan<T> &c, bool &ended, chance &own) {
  switch (own.below(6)) {
  case 0:
    return c.try_recv();
  case 1:
    return c.recv_for(own.up_to(50us));
  case 2: {
    auto [ctx, cancel] = with_timeout({}, own.up_to(50us));
    return c.recv(ctx);
  }
  default:
    auto got = c.recv();
    ended = !got;
    return got;
  }
}

/// Which values have come, how often.
class arrivals {
public:
  explicit arrivals(int values) : count(static_cast<std::size_t>(values)) {}
  void note(int v) { ++count[static_cast<std::size_t>(v)]; }
  bool each_once() const {
    return std::all_of(count.begin(), count.end(), [](const auto &n) { return n == 1; });
  }

private:
  std::vector<std::atomic<int>> count;
};

template <class T> void values_arrive_once(chance &random) {
  const int senders = 1 + static_cast<int>(random.below(4));
  const int receivers = 1 + static_cast<int>(random.below(4));
  const int each = 100 * size_factor;
  const chan<T> c(some_capacity(random));
  arrivals seen(senders * each);
  crowd sending(random), receiving(random);
  for (int s = 0; s < senders; ++s)
    sending.add([&, s](chance &own) {
      for (int i = 0; i < each; ++i, own.pause())
        send_somehow(c, s * each + i, own);
    });
  for (int r = 0; r < receivers; ++r)
    receiving.add([&](chance &own) {
      for (bool ended = false; !ended; own.pause())
        if (auto got = receive_somehow(c, ended, own))
          seen.note(*got);
    });
  sending.wait();
  c.close();
  receiving.wait();
  EXPECT_TRUE(seen.each_once());
  EXPECT_FALSE(c.recv());
}

// What a send has taken before the close arrives; what it threw back does not.
template <class T> void one_close_race(chance &random) {
  const chan<T> c(some_capacity(random));
  std::atomic<int> sent{0}, received{0};
  crowd members(random);
  for (int s = 1 + static_cast<int>(random.below(3)); s > 0; --s)
    members.add([&](chance &own) {
      try {
        for (;; own.pause()) {
          send_somehow(c, 1, own);
          ++sent;
        }
      } catch (const channel_error &) {
      }
    });
  for (int r = 1 + static_cast<int>(random.below(3)); r > 0; --r)
    members.add([&](chance &own) {
      for (bool ended = false; !ended; own.pause())
        if (auto got = receive_somehow(c, ended, own))
          received += *got;
    });
  members.add([&](chance &own) {
    sleep_for(own.up_to(200us));
    chance::spin(own.below(2000));
    c.close();
  });
  members.wait();
  EXPECT_EQ(sent, received);
  EXPECT_EQ(c.size(), 0u);
}

template <class T> void close_races(chance &random) {
  for (int i = 0; i < 10 * size_factor; ++i)
    one_close_race<T>(random);
}

// A single send meets a single receive while both may be cancelled, by a context or by the clock:
// both have happened, or neither.
void one_cancel_race(chance &random) {
  const chan<carried> c(0);
  auto reader = with_cancel({});
  auto writer = with_cancel({});
  std::atomic<int> sent{0}, received{0};
  crowd members(random);
  members.add([&](chance &own) {
    chance::spin(own.below(500));
    carried value(1);
    sent = own.one_in(2) ? c.send(std::move(value), writer.ctx)
                         : c.send_for(std::move(value), own.up_to(20us));
    EXPECT_EQ(value.v == nullptr, sent == 1);
  });
  members.add([&](chance &own) {
    chance::spin(own.below(500));
    const auto got = own.one_in(2) ? c.recv(reader.ctx) : c.recv_for(own.up_to(20us));
    received = got ? 1 : 0;
  });
  members.add_canceller(reader, writer);
  members.wait();
  EXPECT_EQ(sent, received);
}

void cancel_races(chance &random) {
  for (int i = 0; i < 100 * size_factor; ++i)
    one_cancel_race(random);
}

// Each step needs the other side's wake-up; the two are tasks or threads.
void ping_pong(chance &random) {
  const chan<int> there(some_capacity(random)), back(some_capacity(random));
  const int rounds = 200 * size_factor;
  crowd members(random);
  members.add([&](chance &own) {
    for (int v : there) {
      back.send(v + 1);
      own.pause();
    }
    back.close();
  });
  members.add([&](chance &own) {
    for (int i = 0; i < rounds; ++i, own.pause()) {
      there.send(i);
      EXPECT_EQ(back.recv(), i + 1);
    }
    there.close();
  });
  members.wait();
  EXPECT_FALSE(back.recv());
}

// Stages in a row, each with a buffer of its own.
void pipeline(chance &random) {
  const int stages = 2 + static_cast<int>(random.below(12));
  const int values = 50 * size_factor;
  crowd members(random);
  const chan<carried> first(some_capacity(random));
  chan<carried> last = first;
  for (int s = 0; s < stages; ++s) {
    const chan<carried> next(some_capacity(random));
    members.add([from = last, to = next](chance &own) {
      for (carried v : from) {
        ++*v.v;
        own.pause();
        to.send(std::move(v));
      }
      to.close();
    });
    last = next;
  }
  members.add([&](chance &) {
    for (int i = 0; i < values; ++i)
      first.send(carried(i));
    first.close();
  });
  int expected = stages;
  for (carried v : last)
    EXPECT_EQ(v, expected++);
  members.wait();
  EXPECT_EQ(expected, stages + values);
}

constexpr load loads[] = {
    {"NumbersArriveOnce", values_arrive_once<int>},
    {"OwnersArriveOnce", values_arrive_once<carried>},
    {"CloseRacesWithNumbers", close_races<int>},
    {"CloseRacesWithOwners", close_races<carried>},
    {"CancelRacesOfOneMeeting", cancel_races},
    {"PingPong", ping_pong},
    {"Pipeline", pipeline},
};

} // namespace

std::span<const load> channel_loads() { return loads; }

} // namespace sluice::test
