// Runs the tests of runtime/sync with as many scheduler threads as `--procs=N` says.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/event.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string_view>

int main(int argc, char **argv) {
  testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i < argc; ++i)
    if (std::string_view arg = argv[i]; arg.starts_with("--procs="))
      sluice::core::options.procs = static_cast<unsigned>(std::atoi(argv[i] + 8));
  return RUN_ALL_TESTS();
}
