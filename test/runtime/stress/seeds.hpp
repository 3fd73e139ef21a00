// The seeds that the stress tests run with.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <vector>

namespace sluice::test {

/// Those of SLUICE_STRESS_SEEDS, which are separated by spaces, or the same few each time.
inline std::vector<std::uint64_t> seeds() {
  const char *given = std::getenv("SLUICE_STRESS_SEEDS");
  std::istringstream text(given ? given : "1 2 3");
  std::vector<std::uint64_t> all;
  for (std::uint64_t seed = 0; text >> seed;)
    all.push_back(seed);
  return all;
}

} // namespace sluice::test
