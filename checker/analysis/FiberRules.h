// What a program's code says of its fibers: tasks of one thread, which take turns.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "skeleton/Program.h"

#include <optional>
#include <set>
#include <utility>

namespace sluice::checker::analysis {

class FiberRules {
public:
  explicit FiberRules(const skeleton::Program &program);
  /// Whether it starts fibers, and nothing spreads them over several threads.
  bool takeTurns() const { return started && !spread; }
  /// Whether a jump leads to the start of a loop that it is in.
  bool goesBack(uint32_t function, uint32_t from, uint32_t to) const;

private:
  using Jumps = std::set<std::pair<uint32_t, uint32_t>>;
  void findJumpsBack(const skeleton::Function &function, uint32_t block, std::vector<char> &seen,
                     Jumps &back) const;

  const skeleton::Program &program;
  bool started = false, spread = false;
  mutable std::vector<std::optional<Jumps>> jumpsBack; ///< by function, if asked
};

} // namespace sluice::checker::analysis
