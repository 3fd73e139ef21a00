// Names functions and classes: keys that are stable across runs, and displays for people.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "clang/AST/Decl.h"

#include <string>

namespace sluice::checker::frontend {

class UnitBuilder;

/// The USR; with file and offset where it is weak (lambdas, internal linkage).
std::string keyOf(const clang::NamedDecl *d, UnitBuilder &unit);
/// As the user writes it: "search", "Pool::stop", "the lambda at line 10".
std::string displayOf(const clang::FunctionDecl *f, UnitBuilder &unit);
/// The qualified name, without template arguments and unnamed namespaces.
std::string displayOf(const clang::NamedDecl *d, UnitBuilder &unit);

} // namespace sluice::checker::frontend
