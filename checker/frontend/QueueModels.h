// Says what the methods of a recognised queue class do, in the words of models.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/OwnModels.h"
#include "frontend/QueueShape.h"
#include "frontend/Types.h"

namespace sluice::checker::frontend {

/// Enters the model of a method of a queue of `element`; false if models have no words for it.
bool modelMethod(Types &types, clang::QualType element, bool bounded, const clang::CXXMethodDecl *m,
                 const MethodShape &shape, OwnModels &out);

} // namespace sluice::checker::frontend
