// The ring: nothing is lost or doubled, and order is kept.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/run_queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

using namespace sluice::core;

namespace {

TEST(run_queue, is_first_in_first_out) {
  shared_queue overflow;
  run_queue q;
  runnable tasks[3];
  for (bool alone : {false, true}) {
    for (runnable &t : tasks)
      q.push(&t, overflow);
    for (runnable &t : tasks)
      EXPECT_EQ(q.pop(alone), &t);
    EXPECT_EQ(q.pop(alone), nullptr);
  }
}

TEST(runnable_list, gives_what_was_pushed_to_the_front_first) {
  runnable tasks[3];
  runnable_list list;
  list.push_front(&tasks[0]);
  list.push(&tasks[1]);
  list.push_front(&tasks[2]);
  EXPECT_EQ(list.count, 3U);
  for (int i : {2, 0, 1})
    EXPECT_EQ(list.pop(), &tasks[i]);
  EXPECT_EQ(list.pop(), nullptr);
  list.push(&tasks[1]);
  EXPECT_EQ(list.pop(), &tasks[1]);
}

TEST(run_queue, overflows_into_the_shared_queue) {
  shared_queue overflow;
  run_queue q;
  constexpr int more = run_queue::capacity + 44;
  auto tasks = std::make_unique<runnable[]>(more);
  for (int i = 0; i < more; ++i)
    q.push(&tasks[i], overflow);
  int n = 0;
  while (q.pop())
    ++n;
  EXPECT_EQ(n + static_cast<int>(overflow.count()), more);
  EXPECT_GT(overflow.count(), 0U);
}

TEST(run_queue, a_thief_takes_half) {
  shared_queue overflow;
  run_queue q;
  run_queue thief;
  runnable tasks[10];
  for (runnable &t : tasks)
    q.push(&t, overflow);
  EXPECT_EQ(q.steal_into(thief), &tasks[4]);
  int n = 0;
  while (thief.pop())
    ++n;
  EXPECT_EQ(n, 4);
  EXPECT_EQ(q.pop(), &tasks[5]);
}

TEST(run_queue, thieves_and_owner_take_each_task_once) {
  constexpr int count = 20000;
  shared_queue overflow;
  run_queue q;
  struct counted : runnable {
    std::atomic<int> times = 0;
  };
  auto tasks = std::make_unique<counted[]>(count);
  std::atomic<int> taken = 0;
  std::atomic<bool> ended = false;
  const auto take = [&](runnable *t) {
    ASSERT_EQ(static_cast<counted *>(t)->times++, 0);
    taken++;
  };
  std::vector<std::thread> thieves;
  for (int i = 0; i < 3; ++i)
    thieves.emplace_back([&] {
      run_queue own;
      while (!ended) {
        if (runnable *t = q.steal_into(own))
          take(t);
        while (runnable *t = own.pop())
          take(t);
      }
    });
  for (int i = 0; i < count; ++i) {
    q.push(&tasks[i], overflow);
    if (i % 3 == 0)
      if (runnable *t = q.pop())
        take(t);
  }
  while (runnable *t = q.pop())
    take(t);
  runnable_list none;
  while (runnable *t = overflow.pop(none, 1))
    take(t);
  while (taken != count)
    std::this_thread::yield();
  ended = true;
  for (auto &t : thieves)
    t.join();
}

} // namespace
