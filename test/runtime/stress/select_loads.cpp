// Selects under random schedules: several channels, both directions, cancelled while they wait.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "carried.hpp"
#include "crowd.hpp"
#include "load.hpp"

#include <sluice/chan.hpp>
#include <sluice/context.hpp>
#include <sluice/select.hpp>
#include <sluice/time.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <vector>

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

/// What went in and what came out.
struct ledger {
  std::atomic<long> sent{0};
  std::atomic<long> received{0};
};

int small_capacity(chance &random) { return static_cast<int>(random.below(3)); }

// Everybody sends and receives on the same channels in one select, until cancelled.
void exchange(chance &random) {
  const chan<int> a(small_capacity(random)), b(small_capacity(random)), c(small_capacity(random));
  auto [ctx, cancel] = with_cancel({});
  const auto done = ctx.done();
  ledger book;
  crowd members(random);
  for (int m = 2 + static_cast<int>(random.below(6)); m > 0; --m)
    members.add([&](chance &own) {
      const auto add = [&](std::optional<int> v) { book.received += *v; };
      for (bool ended = false; !ended; own.pause()) {
        const int v = 1 + static_cast<int>(own.below(1000));
        switch (select(on_send(a, v), on_recv(b, add), on_send(c, lazy([=] { return 2 * v; })),
                       on_recv(a, add), on_recv(c, add), on_send(b, v), on_recv(done))) {
        case 0:
        case 5:
          book.sent += v;
          break;
        case 2:
          book.sent += 2 * v;
          break;
        case 6:
          ended = true;
        }
      }
    });
  sleep_for(random.up_to(3ms * size_factor));
  cancel();
  members.wait();
  for (const auto &left : {a, b, c})
    while (auto v = left.try_recv())
      book.received += *v;
  EXPECT_EQ(book.sent, book.received);
}

/// A member that sends `values` numbers by select, on whichever channel takes them.
void scatter(const std::vector<chan<carried>> &to, int values, ledger &book, chance &own) {
  for (int i = 1; i <= values; ++i, own.pause()) {
    const auto &x = to[own.below(to.size())], &y = to[own.below(to.size())];
    const auto booked = [&] { book.sent += i; };
    while (own.one_in(4) && select(on_send(x, carried(i), booked), on_recv(after(10us))) == 0)
      if (++i > values)
        return;
    select(on_send(x, carried(i), booked), on_send(y, carried(i), booked));
  }
}

/// A member that receives by selects built at run time, until all channels are closed.
void gather(const std::vector<chan<carried>> &from, ledger &book, chance &own) {
  std::vector<bool> open(from.size(), true);
  for (std::size_t left = from.size(); left > 0; own.pause()) {
    std::vector<select_case> cases;
    for (std::size_t i = 0; i < from.size(); ++i)
      cases.emplace_back(when(open[i], on_recv(from[i], [&, i](std::optional<carried> v) {
                                open[i] = v.has_value();
                                v ? void(book.received += *v) : void(--left);
                              })));
    const bool polls = own.one_in(3);
    if (polls)
      cases.emplace_back(otherwise());
    const int chosen = select(cases);
    EXPECT_TRUE(chosen >= 0 && chosen < static_cast<int>(cases.size()));
  }
}

void scatter_and_gather(chance &random) {
  std::vector<chan<carried>> channels;
  for (int i = 1 + static_cast<int>(random.below(4)); i > 0; --i)
    channels.emplace_back(small_capacity(random));
  ledger book;
  crowd sending(random), receiving(random);
  for (int s = 1 + static_cast<int>(random.below(4)); s > 0; --s)
    sending.add([&](chance &own) { scatter(channels, 50 * size_factor, book, own); });
  for (int r = 1 + static_cast<int>(random.below(4)); r > 0; --r)
    receiving.add([&](chance &own) { gather(channels, book, own); });
  sending.wait();
  for (const auto &c : channels)
    c.close();
  receiving.wait();
  EXPECT_EQ(book.sent, book.received);
}

// One sender and one receiver, both in a select that may be cancelled: both go on, or neither.
void one_cancelled_meeting(chance &random) {
  const chan<carried> c(0), nobody(0);
  auto writer = with_cancel({}), reader = with_timeout({}, random.up_to(30us));
  int sent = 0, received = 0;
  crowd members(random);
  members.add([&](chance &own) {
    chance::spin(own.below(500));
    sent = select(on_recv(nobody), on_send(c, carried(1)), on_recv(writer.ctx.done())) == 1;
  });
  members.add([&](chance &own) {
    chance::spin(own.below(500));
    std::optional<carried> got;
    received =
        select(on_recv(c, got), on_recv(reader.ctx.done()), on_send(nobody, carried(2))) == 0;
    EXPECT_EQ(got.has_value(), received == 1);
  });
  members.add_canceller(reader, writer);
  members.wait();
  EXPECT_EQ(sent, received);
}

void cancelled_meetings(chance &random) {
  for (int i = 0; i < 100 * size_factor; ++i)
    one_cancelled_meeting(random);
}

// A close while others select on the channel, in both directions.
void one_close_race(chance &random) {
  const chan<int> c(small_capacity(random)), idle(0);
  ledger book;
  crowd members(random);
  for (int s = 1 + static_cast<int>(random.below(3)); s > 0; --s)
    members.add([&](chance &own) {
      try {
        for (;; own.pause())
          select(on_send(c, 1, [&] { ++book.sent; }), on_recv(idle));
      } catch (const channel_error &) {
      }
    });
  for (int r = 1 + static_cast<int>(random.below(3)); r > 0; --r)
    members.add([&](chance &own) {
      for (bool ended = false; !ended; own.pause())
        select(on_recv(idle), on_recv(c, [&](std::optional<int> v) {
                 ended = !v;
                 book.received += v.value_or(0);
               }));
    });
  members.add([&](chance &own) {
    sleep_for(own.up_to(200us));
    c.close();
  });
  members.wait();
  EXPECT_EQ(book.sent, book.received);
}

void close_races(chance &random) {
  for (int i = 0; i < 10 * size_factor; ++i)
    one_close_race(random);
}

// Two selects that can only meet each other, over and over, in crossed order.
void crossed_selects(chance &random) {
  const chan<int> x(0), y(0);
  const int rounds = 150 * size_factor;
  ledger book;
  crowd members(random);
  for (int m = 0; m < 2; ++m)
    members.add([&, m](chance &own) {
      const auto &first = m ? x : y, &second = m ? y : x;
      const auto add = [&](std::optional<int> v) { book.received += *v; };
      for (int i = 1; i <= rounds; ++i, own.pause()) {
        bool sent = false, got = false;
        while (!sent || !got)
          select(when(!sent, on_send(first, i,
                                     [&] {
                                       sent = true;
                                       book.sent += i;
                                     })),
                 when(!got, on_recv(second, [&](std::optional<int> v) {
                   got = true;
                   add(v);
                 })));
      }
    });
  members.wait();
  EXPECT_EQ(book.sent, book.received);
  EXPECT_EQ(book.sent, long(rounds) * (rounds + 1));
}

constexpr load loads[] = {
    {"SelectsExchange", exchange},
    {"SelectsScatterAndGather", scatter_and_gather},
    {"CancelRacesOfOneSelect", cancelled_meetings},
    {"CloseRacesWithSelects", close_races},
    {"SelectsCross", crossed_selects},
};

} // namespace

std::span<const load> select_loads() { return loads; }

} // namespace sluice::test
