// Ordinary threads start tasks, sleep and wait like tasks do.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/registry.hpp"
#include "meeting.hpp"

#include <sluice/task.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <thread>
#include <vector>

using namespace sluice;
using namespace std::chrono_literals;

namespace {

TEST(threads, start_tasks_without_a_run) {
  test::meeting m;
  go([&] { m.signal(); });
  EXPECT_TRUE(m.wait(clock::now() + 10s));
}

TEST(threads, flood_the_shared_queue) {
  std::atomic<int> ended = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i)
        go([&] { ended++; });
    });
  for (auto &t : threads)
    t.join();
  while (ended != 4000)
    sleep_for(1ms);
}

TEST(threads, sleep_by_themselves) {
  const auto start = clock::now();
  sleep_for(5ms);
  EXPECT_GE(clock::now() - start, 5ms);
}

TEST(books, know_every_parked_task) {
  run([] {
    test::meeting m;
    go("waiter", [&] { m.wait(); });
    struct search {
      int found = 0;
    } s;
    for (int i = 0; i < 1000 && s.found == 0; ++i) {
      sleep_for(1ms);
      core::for_each_task(
          [](core::task &t, void *p) {
            if (t.state == core::run_state::blocked && t.name && !std::strcmp(t.name, "waiter") &&
                t.reason == core::wait_reason::wait && t.parent == core::self()->id)
              static_cast<search *>(p)->found++;
          },
          &s);
    }
    EXPECT_EQ(s.found, 1);
    m.signal();
  });
}

} // namespace
