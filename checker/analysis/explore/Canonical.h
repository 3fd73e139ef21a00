// Brings a state into its canonical form, a row of words, and back.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/explore/Facts.h"
#include "analysis/explore/State.h"

#include <vector>

namespace sluice::checker::analysis {

/// The canonical form of a state: equal rows are equal states, up to the names of tasks, objects
/// and symbols.
struct Canonical {
  std::vector<uint64_t> words;
  std::vector<uint16_t> taskFrom; ///< by new task: its index in the state it was made from
  std::vector<uint16_t> sameAs;   ///< by new task: the first task that nothing tells apart from it
  std::vector<uint32_t> lost;     ///< sites of cancellers that nothing holds any more and nobody
                                  ///< called, and of thread handles that nobody joined or detached
};

/// Clears the registers that a task reads no more: they must not keep an object shared, or alive.
void clearDead(const Facts &facts, Task &task);

/// Clears what is not read again, drops what cannot be reached, and orders the rest.
Canonical canonicalize(const Facts &facts, State &state);

/// The inverse; every task's origin is its index.
State decode(const Facts &facts, const uint64_t *words);

} // namespace sluice::checker::analysis
