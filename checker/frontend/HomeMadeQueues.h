// Recognises the user's own queue classes (lock, condition, container) that behave as channels do.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A class is recognised by what its methods do, never by names, unless it is declared one:
// docs/design/home-made-queues.md.
#pragma once

#include "frontend/OwnModels.h"

namespace sluice::checker::frontend {

class UnitBuilder;

/// Enters the models of a class that has a lock, conditions and a container, and behaves as a
/// channel does. Says whether it is one. Nothing is added to `unit`.
bool modelHomeMadeQueue(UnitBuilder &unit, const clang::CXXRecordDecl *record, OwnModels &out);

} // namespace sluice::checker::frontend
