// Walks the declarations outside functions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/program/NameHomes.h"

#include "clang/AST/DeclTemplate.h"

namespace sluice::checker::checks {

using namespace clang;

namespace {

class HomeFinder {
public:
  explicit HomeFinder(SourceUnit &unit) : unit(unit) {}
  void visit(const Decl *declaration);
  skeleton::Homes homes;

private:
  void visitAll(const DeclContext *context);
  void add(const NamedDecl *named);

  SourceUnit &unit;
};

/// By the name that skeletons use, which says nothing of unnamed namespaces. A name that is met at
/// two places of one unit keeps the first: that unit does not tell them apart either.
void HomeFinder::add(const NamedDecl *named) {
  std::string name = unit.types.canonicalName(named);
  constexpr llvm::StringLiteral anonymous("(anonymous)::");
  for (size_t at; (at = name.find(anonymous)) != std::string::npos;)
    name.erase(at, anonymous.size());
  findings::Place at = unit.place(named->getLocation());
  std::string place =
      at.path + ":" + std::to_string(at.span.line) + ":" + std::to_string(at.span.column);
  homes.try_emplace(skeleton::digestOf(name), skeleton::digestOf(place));
}

void HomeFinder::visit(const Decl *declaration) {
  if (const auto *klass = llvm::dyn_cast<ClassTemplateDecl>(declaration))
    return visit(klass->getTemplatedDecl());
  if (const auto *record = llvm::dyn_cast<RecordDecl>(declaration)) {
    if (!record->isThisDeclarationADefinition())
      return;
    add(record);
    visitAll(record);
  } else if (const auto *variable = llvm::dyn_cast<VarDecl>(declaration)) {
    if (variable->isExternallyVisible() &&
        variable->isThisDeclarationADefinition() == VarDecl::Definition)
      add(variable);
  } else if (llvm::isa<NamespaceDecl, LinkageSpecDecl, ExportDecl>(declaration)) {
    visitAll(llvm::cast<DeclContext>(declaration));
  }
}

void HomeFinder::visitAll(const DeclContext *context) {
  for (const Decl *each : context->decls())
    if (unit.mayHoldUserCode(each))
      visit(each);
}

} // namespace

skeleton::Homes homesIn(SourceUnit &unit) {
  HomeFinder finder(unit);
  for (const Decl *each : unit.topLevel())
    finder.visit(each);
  return std::move(finder.homes);
}

} // namespace sluice::checker::checks
