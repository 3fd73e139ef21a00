// Finds the token that names a channel's type, and replaces it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/DirectedFix.h"

#include "clang/AST/TypeLoc.h"
#include "clang/Basic/SourceManager.h"

namespace sluice::checker::checks {
namespace {

using namespace clang;

/// The written name of the class template, without its qualifier; invalid if it is not written.
SourceLocation templateName(TypeLoc type) {
  while (true) {
    if (auto reference = type.getAs<ReferenceTypeLoc>())
      type = reference.getPointeeLoc();
    else if (auto qualified = type.getAs<QualifiedTypeLoc>())
      type = qualified.getUnqualifiedLoc();
    else if (auto elaborated = type.getAs<ElaboratedTypeLoc>())
      type = elaborated.getNamedTypeLoc();
    else
      break;
  }
  auto specialization = type.getAs<TemplateSpecializationTypeLoc>();
  return specialization ? specialization.getTemplateNameLoc() : SourceLocation();
}

bool addEdit(SourceUnit &unit, const DeclaratorDecl *declaration, const std::string &directed,
             findings::Fix &fix) {
  const TypeSourceInfo *info = declaration->getTypeSourceInfo();
  const models::TypeModel *model = unit.types.model(declaration->getType());
  if (!info || !model)
    return false;
  SourceLocation name = templateName(info->getTypeLoc());
  auto [scope, bare] = llvm::StringRef(directed).rsplit("::");
  // Only the last part of the name is replaced: both types must live in the same scope.
  if (name.isInvalid() || name.isMacroID() || !unit.isUserCode(declaration) ||
      llvm::StringRef(model->name).rsplit("::").first != scope)
    return false;
  fix.edits.push_back({unit.place(name), bare.str()});
  return true;
}

findings::Fix fixFor(const std::string &directed) {
  return {"declare it as '" + llvm::StringRef(directed).rsplit("::").second.str() + "'", false, {}};
}

} // namespace

void addParameterFix(SourceUnit &unit, const FunctionDecl *function, const ParmVarDecl *parameter,
                     const std::string &directed, findings::Finding &finding) {
  findings::Fix fix = fixFor(directed);
  unsigned index = parameter->getFunctionScopeIndex();
  for (const FunctionDecl *redeclaration : function->redecls())
    if (!addEdit(unit, redeclaration->getParamDecl(index), directed, fix))
      return;
  finding.fixes.push_back(std::move(fix));
}

void addFieldFix(SourceUnit &unit, const FieldDecl *field, const std::string &directed,
                 findings::Finding &finding) {
  findings::Fix fix = fixFor(directed);
  if (addEdit(unit, field, directed, fix))
    finding.fixes.push_back(std::move(fix));
}

} // namespace sluice::checker::checks
