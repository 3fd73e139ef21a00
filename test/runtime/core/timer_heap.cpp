// Timers fire in order, once, and not after they were taken back.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/timer_heap.hpp"
#include "core/sanitizer.hpp"

#include <sluice/task.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <random>
#include <thread>

using namespace sluice;
using namespace std::chrono_literals;

namespace {

std::atomic<int> fired = 0;
std::atomic<bool> disordered = false;
std::atomic<clock::time_point> last_fired;

struct counting_node : core::timer_node {
  counting_node() {
    fire = [](core::timer_node *n) {
      core::happens_after(n); // the heap's own lock is not instrumented
      disordered = disordered || n->when < last_fired.load();
      last_fired = n->when;
      fired++;
    };
  }
};

TEST(timer_heap, fires_each_armed_node_in_order) {
  constexpr int count = 2000;
  fired = 0;
  last_fired = clock::time_point{};
  auto nodes = std::make_unique<counting_node[]>(count);
  std::minstd_rand random(7);
  const auto start = clock::now() + 30ms;
  for (int i = 0; i < count; ++i) {
    nodes[i].when = start + std::chrono::microseconds(random() % 20000);
    core::happens_before(&nodes[i]);
    core::arm(nodes[i]);
  }
  int taken_back = 0;
  for (int i = 0; i < count; i += 3)
    taken_back += core::disarm(nodes[i]);
  EXPECT_GT(taken_back, 0);
  const auto until = clock::now() + 10s;
  while (fired != count - taken_back && clock::now() < until)
    sleep_for(1ms);
  EXPECT_EQ(fired, count - taken_back);
  EXPECT_FALSE(disordered);
}

TEST(timer_heap, an_earlier_timer_is_not_missed) {
  fired = 0;
  last_fired = clock::time_point{};
  counting_node late;
  late.when = clock::now() + 60s;
  core::happens_before(&late);
  core::arm(late);
  sleep_for(20ms); // all scheduler threads are asleep by now
  counting_node soon;
  soon.when = clock::now() + 5ms;
  core::happens_before(&soon);
  core::arm(soon);
  const auto until = clock::now() + 10s;
  while (fired == 0 && clock::now() < until)
    std::this_thread::yield();
  EXPECT_EQ(fired, 1);
  EXPECT_TRUE(core::disarm(late));
}

} // namespace
