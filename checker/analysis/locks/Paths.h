// Names objects by the way a function comes to them: from a parameter or the globals, by fields.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/slice/FieldFlow.h"

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <map>
#include <vector>

namespace sluice::checker::analysis {

/// All access paths of a program, each once. A path starts at a symbol, which is what a caller
/// hands in (a parameter, or what an object handed in holds), or at the globals.
class Paths {
public:
  using Id = uint32_t;
  static constexpr Id None = ~0u; ///< not followed
  static constexpr uint32_t Globals = ~0u - 1;
  static constexpr uint32_t Element = ~0u - 2; ///< in the place of a field: any element
  /// What a callback is handed by who has it from somewhere: some object that it knows.
  static constexpr uint32_t Somewhere = ~0u - 3;

  explicit Paths(const FieldFlow &flow) : flow(flow) {}

  Id symbol(uint32_t number);
  Id globals() { return symbol(Globals); }
  /// The path one field further; None where it gets too long.
  Id step(Id base, uint32_t field);
  uint32_t rootOf(Id path) const;
  unsigned depthOf(Id path) const { return all[path].depth; }
  uint32_t fieldOf(Id path) const { return all[path].field; }
  Id parentOf(Id path) const { return all[path].parent; }
  /// The path with `values` in the places of the symbols.
  Id substitute(Id path, llvm::ArrayRef<Id> values);

  /// Whether one path ends as the other does: the same field of the same class (or one that only
  /// ever holds what the other keeps), and the same way to it as far as both are known. A bare
  /// symbol may be anything.
  bool mayBeSame(Id a, Id b) const;
  /// The same, where both say more than a bare symbol.
  bool sameField(Id a, Id b) const { return depthOf(a) && depthOf(b) && mayBeSame(a, b); }

private:
  struct Path {
    Id parent = None;
    uint32_t field = 0; ///< of a root: the symbol
    unsigned depth = 0;
  };
  Id intern(Id parent, uint32_t field, unsigned depth);
  uint32_t homeOf(uint32_t field) const { return field == Element ? field : flow.homeOf(field); }

  const FieldFlow &flow;
  std::vector<Path> all;
  std::map<std::pair<Id, uint32_t>, Id> known;
};

} // namespace sluice::checker::analysis
