// Models locks by the attributes of Clang's thread-safety analysis.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The attributes are believed where the code is elsewhere: of a class with a capability, or with a
// scoped one, whose methods are not all written in the class. Where they are, the code says more,
// such as what a condition beside the lock does with it. A unit that defines the methods takes the
// class as the others do, so that all units of a program agree.
//
// Attributes: https://clang.llvm.org/docs/ThreadSafetyAnalysis.html
#pragma once

#include "frontend/OwnModels.h"
#include "frontend/Types.h"

namespace sluice::checker::frontend {

/// Enters the models of a class that is annotated as a lock, or as a guard of one. Says whether
/// there are models now.
bool modelAnnotatedLock(Types &types, const clang::CXXRecordDecl *record, OwnModels &out);

} // namespace sluice::checker::frontend
