// The declarations at the top of a unit.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/TopLevel.h"

namespace sluice::checker::frontend {

std::vector<clang::Decl *> topLevelDecls(const clang::ASTContext &context) {
  std::vector<clang::Decl *> scope = context.getTraversalScope();
  const clang::TranslationUnitDecl *unit = context.getTranslationUnitDecl();
  if (scope.size() == 1 && scope.front() == unit)
    scope.assign(unit->decls_begin(), unit->decls_end());
  return scope;
}

} // namespace sluice::checker::frontend
