// Rewrites the type of a channel handle to a directed one, at every declaration.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/SourceUnit.h"

#include "clang/AST/Decl.h"

namespace sluice::checker::checks {

/// Adds the fix for a parameter to `finding`, or nothing where a declaration cannot be rewritten:
/// it spells the type by an alias or in a macro.
void addParameterFix(SourceUnit &unit, const clang::FunctionDecl *function,
                     const clang::ParmVarDecl *parameter, const std::string &directed,
                     findings::Finding &finding);

/// The same for a field.
void addFieldFix(SourceUnit &unit, const clang::FieldDecl *field, const std::string &directed,
                 findings::Finding &finding);

} // namespace sluice::checker::checks
