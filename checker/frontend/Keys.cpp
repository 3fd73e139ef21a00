// Names functions and classes: keys that are stable across runs, and displays for people.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/Keys.h"

#include "frontend/UnitBuilder.h"

#include "clang/AST/DeclCXX.h"
#include "clang/Index/USRGeneration.h"

using namespace sluice::checker::frontend;
using namespace clang;

namespace {

bool isWeak(const NamedDecl *d) {
  const auto *method = llvm::dyn_cast<CXXMethodDecl>(d);
  const auto *record = method ? method->getParent() : llvm::dyn_cast<CXXRecordDecl>(d);
  return (record && record->isLambda()) || !d->isExternallyVisible();
}

} // namespace

std::string sluice::checker::frontend::keyOf(const NamedDecl *d, UnitBuilder &unit) {
  llvm::SmallString<128> usr;
  if (index::generateUSRForDecl(d, usr))
    usr = "c:" + unit.types.canonicalName(d);
  if (!isWeak(d))
    return usr.str().str();
  skeleton::Span s = unit.span(d->getLocation());
  return (usr + "#" + unit.fileName(s.file) + ":" + llvm::Twine(s.line) + ":" +
          llvm::Twine(s.column))
      .str();
}

std::string sluice::checker::frontend::displayOf(const FunctionDecl *f, UnitBuilder &unit) {
  const auto *method = llvm::dyn_cast<CXXMethodDecl>(f);
  if (method && method->getParent()->isLambda())
    return "the lambda at line " +
           std::to_string(unit.span(method->getParent()->getLocation()).line);
  return displayOf(static_cast<const NamedDecl *>(f), unit);
}

std::string sluice::checker::frontend::displayOf(const NamedDecl *d, UnitBuilder &unit) {
  std::string name = unit.types.canonicalName(d);
  constexpr llvm::StringLiteral anonymous("(anonymous)::");
  for (size_t at; (at = name.find(anonymous)) != std::string::npos;)
    name.erase(at, anonymous.size());
  return name;
}
