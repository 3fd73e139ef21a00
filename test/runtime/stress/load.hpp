// The list of what the stress tests run: each primitive under a schedule drawn from a seed.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "chance.hpp"

#include <ostream>
#include <span>

namespace sluice::test {

/// One load. It runs inside of a task, starts what it needs, checks its own counts, and returns
/// once all it has started has ended.
struct load {
  const char *name;
  void (*run)(chance &random);

  friend void PrintTo(const load &l, std::ostream *out) { *out << l.name; }
};

/// All of one file.
std::span<const load> channel_loads();
std::span<const load> select_loads();
std::span<const load> lock_loads();
std::span<const load> counter_loads();
std::span<const load> time_loads();
std::span<const load> destruction_loads();

/// Less where each operation costs ten times as much.
#if defined(__SANITIZE_ADDRESS__) || defined(SLUICE_ASAN) || defined(SLUICE_TSAN)
constexpr int size_factor = 1;
#else
constexpr int size_factor = 4;
#endif

} // namespace sluice::test
