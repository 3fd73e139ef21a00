// Tells objects that have a lock of their own from locks that others have in them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/slice/FieldFlow.h"

namespace sluice::checker::analysis {

/// A function that comes back with a lock may take that of a session, which is handed to it, or be
/// the `Lock` of a class of locks. The class of a session says as much of its lock as any field
/// does; the class of a lock says nothing of which lock it is.
class OwnLocks {
public:
  OwnLocks(const skeleton::Program &program, const FieldFlow &flow);
  /// Whether the field is the lock of an object that is for something else.
  bool contains(uint32_t field) const { return fields.count(field); }

private:
  std::set<uint32_t> fields;
};

} // namespace sluice::checker::analysis
