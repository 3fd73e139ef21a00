// Runs the stress tests with as many scheduler threads as SLUICE_TEST_PROCS says.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "watchdog.hpp"

#include "core/event.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

int main(int argc, char **argv) {
  testing::InitGoogleTest(&argc, argv);
  if (const char *procs = std::getenv("SLUICE_TEST_PROCS"))
    sluice::core::options.procs = static_cast<unsigned>(std::atoi(procs));
  if (std::getenv("SLUICE_SOAK_SECONDS") && GTEST_FLAG_GET(filter) == "*")
    GTEST_FLAG_SET(filter, "Soak.*");
  sluice::test::start_watchdog();
  return RUN_ALL_TESTS();
}
