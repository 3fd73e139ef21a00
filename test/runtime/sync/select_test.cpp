// What select.hpp promises.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/context.hpp>
#include <sluice/select.hpp>
#include <sluice/task.hpp>
#include <sluice/time.hpp>
#include <sluice/wait_group.hpp>

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <thread>

using namespace sluice;
using namespace std::chrono_literals;

namespace {

TEST(Select, RunsTheCaseThatCanAndSaysWhich) {
  run([] {
    chan<int> a(1), b(1);
    std::optional<int> got = 9;
    b.send(4);
    EXPECT_EQ(select(on_recv(a), on_recv(b, got)), 1);
    EXPECT_EQ(got, 4);
    EXPECT_EQ(select(on_recv(b, got), on_send(a, 5)), 1);
    EXPECT_EQ(got, 4); // left alone, since another case ran
    int handled = 0;
    EXPECT_EQ(select(on_recv(b), on_recv(a, [&](std::optional<int> v) { handled = *v; })), 1);
    EXPECT_EQ(handled, 5);
    b.close();
    EXPECT_EQ(select(on_recv(b, got)), 0);
    EXPECT_EQ(got, std::nullopt);
    EXPECT_THROW(select(on_send(b, 1)), channel_error);
  });
}

TEST(Select, TakesEveryFormOfACase) {
  run([] {
    chan<std::string> c(2);
    chan<int> nil = nullptr;
    int n = 0;
    EXPECT_EQ(select(on_send(c, "x", [&] { ++n; }), otherwise()), 0);
    EXPECT_EQ(select(on_recv(nil), on_send(nil, 1), otherwise([&] { ++n; })), 2);
    EXPECT_EQ(select(when(false, on_recv(c)), otherwise()), 1);
    EXPECT_EQ(select(when(true, on_recv(c)), otherwise()), 0);
    EXPECT_EQ(select(otherwise(), on_recv(recv_chan<std::string>(c))), 0);
    EXPECT_EQ(n, 2);
    int made = 0;
    auto make = lazy([&] { return std::string("lazy") + std::to_string(++made); });
    EXPECT_EQ(select(on_send(chan<std::string>(nullptr), make), otherwise()), 1);
    EXPECT_EQ(made, 0);
    EXPECT_EQ(select(on_send(c, make)), 0);
    EXPECT_EQ(select(on_send(send_chan<std::string>(c), make, [&] { ++n; })), 0);
    EXPECT_EQ(made, 2);
    EXPECT_EQ(*c.recv() + *c.recv(), "lazy1lazy2");
  });
}

TEST(Select, ChoosesUniformly) {
  run([] {
    std::array<chan<int>, 4> c;
    std::array<int, 4> chosen{};
    for (auto &each : c) {
      each = chan<int>(1);
      each.send(1);
    }
    c[3] = nullptr;
    for (int i = 0; i < 6000; ++i) {
      const int k = select(on_recv(c[0]), on_recv(c[1]), on_recv(c[2]), on_recv(c[3]));
      ++chosen[k];
      c[k].send(1);
    }
    for (int k = 0; k < 3; ++k)
      EXPECT_NEAR(chosen[k], 2000, 250);
    EXPECT_EQ(chosen[3], 0);
  });
}

TEST(Select, WaitsForTheFirst) {
  run([] {
    chan<int> a, b;
    std::optional<int> got;
    go([=] { b.send(3); });
    EXPECT_EQ(select(on_recv(a, got), on_recv(b, got), on_recv(after(10s))), 1);
    EXPECT_EQ(got, 3);
    go([=] { EXPECT_EQ(a.recv(), 8); });
    EXPECT_EQ(select(on_recv(b), on_send(a, 8)), 1);
    EXPECT_EQ(select(on_recv(a), on_recv(after(2ms))), 1);
    go([=] { a.close(); });
    EXPECT_EQ(select(on_recv(b, got), on_recv(a, got)), 1);
    EXPECT_EQ(got, std::nullopt);
    go([=] { b.close(); });
    EXPECT_THROW(select(on_send(b, 1)), channel_error);
  });
}

TEST(Select, DoesNotMeetItself) {
  run([] {
    chan<int> c;
    EXPECT_EQ(select(on_send(c, 1), on_recv(c), on_recv(after(2ms))), 2);
    go([=] { c.send(5); });
    EXPECT_EQ(select(on_send(c, 1), on_recv(c)), 1);
  });
}

TEST(Select, CasesMadeAtRunTime) {
  run([] {
    std::vector<chan<int>> channels(20);
    std::vector<select_case> cases;
    int sum = 0;
    for (auto &c : channels)
      cases.push_back(on_recv(c, [&](std::optional<int> v) { sum += *v; }));
    for (int i = 0; i < 20; ++i) {
      go([c = channels[i], i] { c.send(i); });
      EXPECT_EQ(select(cases), i);
    }
    EXPECT_EQ(sum, 190);
  });
}

TEST(Select, LazyValuesAreMadeForWhoeverMeetsThem) {
  run([] {
    for (int capacity : {0, 1}) {
      chan<int> c(capacity);
      int made = 0;
      chan<> ready;
      if (capacity)
        c.send(0);
      go([&] {
        EXPECT_EQ(select(on_send(c, lazy([&] {
                                   yield();
                                   return ++made;
                                 })),
                         on_recv(ready)),
                  0);
        c.close();
      });
      sleep_for(1ms);
      EXPECT_EQ(made, 0);
      if (capacity) {
        EXPECT_EQ(c.recv(), 0);
      }
      EXPECT_EQ(capacity ? c.recv() : c.try_recv(), 1);
      EXPECT_EQ(c.recv(), std::nullopt);
      EXPECT_EQ(made, 1);
    }
  });
}

TEST(Select, ALazyValueThatThrowsLeavesTheReceiverWaiting) {
  run([] {
    for (int capacity : {0, 1}) {
      for (bool receiver_first : {false, true}) {
        chan<int> c(capacity), result(1);
        if (capacity && !receiver_first)
          c.send(7);
        const auto receive = [=] { result.send(*c.recv()); };
        if (receiver_first)
          go(receive);
        sleep_for(1ms);
        chan<> failed;
        go([=] {
          EXPECT_THROW(select(on_send(c, lazy([]() -> int { throw 1; }))), int);
          failed.close();
        });
        sleep_for(1ms);
        if (!receiver_first)
          go(receive);
        failed.recv();
        c.send(7);
        EXPECT_EQ(result.recv(), 7);
      }
    }
  });
}

TEST(Select, EveryValueArrivesOnceWhenManySelect) {
  constexpr int tasks = 6, each = 2000;
  std::atomic<long> sent{0}, received{0};
  run([&] {
    chan<int> a, b(2), c(1);
    wait_group senders, receivers;
    senders.add(tasks);
    receivers.add(tasks);
    chan<> done;
    for (int t = 0; t < tasks; ++t) {
      go([&, t] {
        for (int i = 0; i < each; ++i) {
          const int v = t * each + i;
          select(on_send(a, v), on_send(b, v), on_send(c, lazy([=] { return v; })));
          sent += v;
        }
        senders.done();
      });
      go([&] {
        const auto add = [&](std::optional<int> v) { received += v.value_or(0); };
        while (select(on_recv(c, add), on_recv(a, add), on_recv(b, add), on_recv(done)) != 3)
          ;
        receivers.done();
      });
    }
    senders.wait();
    while (b.size() || c.size())
      yield();
    done.close();
    receivers.wait();
  });
  EXPECT_EQ(sent, received);
}

TEST(Select, ThreadsSelectToo) {
  chan<int> a, b;
  std::thread thread([=] {
    for (int i = 0; i < 500; ++i)
      i % 2 ? a.send(i) : b.send(i);
  });
  long sum = 0;
  const auto add = [&](std::optional<int> v) { sum += *v; };
  for (int i = 0; i < 500; ++i)
    select(on_recv(a, add), on_recv(b, add));
  thread.join();
  EXPECT_EQ(sum, 500 * 499 / 2);
}

} // namespace
