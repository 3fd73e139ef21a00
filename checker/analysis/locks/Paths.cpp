// Keeps access paths, and says which may lead to the same object.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/locks/Paths.h"

namespace sluice::checker::analysis {
namespace {
/// Longer ones come from walks along a chain of objects.
constexpr unsigned LongestPath = 6;
} // namespace

Paths::Id Paths::intern(Id parent, uint32_t field, unsigned depth) {
  auto [entry, isNew] = known.try_emplace({parent, field}, Id(all.size()));
  if (isNew)
    all.push_back({parent, field, depth});
  return entry->second;
}

Paths::Id Paths::symbol(uint32_t number) { return intern(None, number, 0); }

Paths::Id Paths::step(Id base, uint32_t field) {
  if (base == None || all[base].depth == LongestPath)
    return None;
  return intern(base, field, all[base].depth + 1);
}

uint32_t Paths::rootOf(Id path) const {
  while (all[path].parent != None)
    path = all[path].parent;
  return all[path].field;
}

Paths::Id Paths::substitute(Id path, llvm::ArrayRef<Id> values) {
  if (path == None)
    return None;
  const Path at = all[path];
  if (at.parent != None)
    return step(substitute(at.parent, values), at.field);
  if (at.field == Globals || at.field == Somewhere)
    return path;
  return at.field < values.size() ? values[at.field] : None;
}

bool Paths::mayBeSame(Id a, Id b) const {
  while (a != b && all[a].depth && all[b].depth) {
    if (homeOf(all[a].field) != homeOf(all[b].field))
      return false;
    if (all[a].field != all[b].field) // by two names, the ways to which say nothing of each other
      return true;
    a = all[a].parent;
    b = all[b].parent;
  }
  // What is left of one is the way to the object at which the other starts; the globals start
  // nowhere else.
  auto isGlobals = [&](Id path) { return all[path].depth == 0 && all[path].field == Globals; };
  return a == b || (!isGlobals(a) && !isGlobals(b));
}

} // namespace sluice::checker::analysis
