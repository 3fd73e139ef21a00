// Finds what code out of sight may do with the objects of a class.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/UnitBuilder.h"

namespace sluice::checker::frontend {

/// The interface of a class that holds primitives or tasks, if all that can be done with an object
/// is to call functions with bodies in this unit: no data that others may touch, no friends, no
/// method out of sight.
std::optional<skeleton::Interface> interfaceOf(const clang::CXXRecordDecl *c, UnitBuilder &unit);

/// The public methods, own and inherited, of a class with virtual ones of which there can be
/// objects; those with bodies in sight.
std::vector<FunctionId> publicMethods(const clang::CXXRecordDecl *c, UnitBuilder &unit);

} // namespace sluice::checker::frontend
