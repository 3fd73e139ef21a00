// Every load with every seed; and, when asked to, all of them together for minutes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "load.hpp"
#include "seeds.hpp"
#include "watchdog.hpp"

#include <sluice/task.hpp>
#include <sluice/task_group.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

using namespace sluice;
using namespace sluice::test;
using namespace std::chrono_literals;

namespace {

std::vector<load> all_loads() {
  std::vector<load> all;
  for (auto part : {channel_loads(), select_loads(), lock_loads(), counter_loads(), time_loads(),
                    destruction_loads()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

// No SCOPED_TRACE: it is a thread's, and the task may end on another one.
void run_load(const load &l, std::uint64_t seed) {
  chance random(seed);
  l.run(random);
  if (testing::Test::HasFailure())
    ADD_FAILURE() << "in '" << l.name << "': repeat it with SLUICE_STRESS_SEEDS=" << seed;
}

class Stress : public testing::TestWithParam<load> {};

TEST_P(Stress, EndsWithItsCountsRight) {
  for (const std::uint64_t seed : seeds()) {
    watch(GetParam().name, seed);
    run([&] { run_load(GetParam(), seed); });
    if (HasFailure())
      return;
  }
  unwatch();
}
INSTANTIATE_TEST_SUITE_P(Loads, Stress, testing::ValuesIn(all_loads()),
                         [](const auto &info) { return std::string(info.param.name); });

/// One of several strands of the soak: load after load, each with a seed of its own.
void soak(const std::vector<load> &all, chance random, clock::time_point end,
          std::atomic<std::uint64_t> &rounds) {
  while (clock::now() < end && !testing::Test::HasFailure()) {
    const load &l = all[random.below(all.size())];
    const std::uint64_t seed = random.below(1'000'000'000);
    watch(l.name, seed);
    run_load(l, seed);
    ++rounds;
  }
}

TEST(Soak, EndsWithItsCountsRight) {
  const char *seconds = std::getenv("SLUICE_SOAK_SECONDS");
  if (!seconds)
    GTEST_SKIP() << "runs for as long as SLUICE_SOAK_SECONDS says";
  const std::uint64_t seed = std::random_device()();
  std::printf("soak: seed %llu\n", static_cast<unsigned long long>(seed));
  chance random(seed);
  const auto all = all_loads();
  std::atomic<std::uint64_t> rounds{0};
  run([&] {
    const auto end = clock::now() + std::chrono::seconds(std::atoi(seconds));
    task_group strands;
    for (int i = 0; i < 4; ++i)
      strands.go([&, own = random.split()] { soak(all, own, end, rounds); });
    strands.wait();
  });
  unwatch();
  std::printf("soak: %llu rounds\n", static_cast<unsigned long long>(rounds.load()));
  EXPECT_GT(rounds, 0u);
}

} // namespace
