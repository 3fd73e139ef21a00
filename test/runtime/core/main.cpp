// Runs the tests of core with as many scheduler threads as SLUICE_TEST_PROCS says.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/event.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

int main(int argc, char **argv) {
  testing::InitGoogleTest(&argc, argv);
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  if (const char *procs = std::getenv("SLUICE_TEST_PROCS"))
    sluice::core::options.procs = static_cast<unsigned>(std::atoi(procs));
  return RUN_ALL_TESTS();
}
