// Keeps the models of a unit's own classes, and looks for the classes that have them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/OwnModels.h"

#include "frontend/AnnotatedLocks.h"
#include "frontend/DeclaredQueues.h"
#include "frontend/HomeMadeQueues.h"
#include "frontend/TopLevel.h"
#include "frontend/UnitBuilder.h"
#include "models/QueueDeclaration.h"

#include "clang/AST/DeclTemplate.h"

namespace sluice::checker::frontend {

using namespace clang;

void OwnModels::add(const RecordDecl *record, models::TypeModel model) {
  types[record->getCanonicalDecl()] = &typeModels.emplace_back(std::move(model));
}

void OwnModels::add(const FunctionDecl *f, models::CallModel model) {
  calls[f->getCanonicalDecl()] = &callModels.emplace_back(std::move(model));
}

const models::TypeModel *OwnModels::type(const RecordDecl *record) const {
  return types.empty() ? nullptr : types.lookup(record->getCanonicalDecl());
}

const models::CallModel *OwnModels::call(const FunctionDecl *f) const {
  return calls.empty() ? nullptr : calls.lookup(f->getCanonicalDecl());
}

const models::CallModel *OwnModels::destructor(const RecordDecl *record) const {
  const auto *c = llvm::dyn_cast<CXXRecordDecl>(record);
  const CXXDestructorDecl *d = c && c->hasDefinition() ? c->getDestructor() : nullptr;
  return d ? call(d) : nullptr;
}

namespace {

/// Finds the classes to look at, template instances included.
class Search {
public:
  Search(ASTContext &context, const models::Models &models, const FrontendOptions &options)
      : context(context), models(models), unit(context, models, options) {}

  OwnModels found;

  /// Those that a model file names may stand anywhere, also where nothing else is looked at.
  void declared() {
    for (const models::QueueDeclaration *queue : models.declaredQueues())
      for (const CXXRecordDecl *c : classesNamed(context, queue->name))
        declared(c);
  }

  void everywhere() {
    for (const Decl *d : topLevelDecls(context))
      visit(d);
  }

private:
  void in(const DeclContext *scope) {
    for (const Decl *d : scope->decls())
      visit(d);
  }

  void visit(const Decl *d) {
    if (llvm::isa<NamespaceDecl, LinkageSpecDecl, ExportDecl>(d)) {
      if (!unit.isCutOff(d))
        in(llvm::cast<DeclContext>(d));
    } else if (const auto *t = llvm::dyn_cast<ClassTemplateDecl>(d)) {
      for (const auto *c : t->specializations())
        consider(c);
    } else if (const auto *c = llvm::dyn_cast<CXXRecordDecl>(d)) {
      consider(c);
    }
  }

  bool declared(const CXXRecordDecl *c) {
    if (c->isDependentType() || c->isInvalidDecl() || found.type(c))
      return found.type(c);
    return modelDeclaredQueue(unit, c, found);
  }

  void consider(const CXXRecordDecl *c) {
    if (!c->hasDefinition() || c->isDependentType() || c->isInvalidDecl() || c->isLambda() ||
        unit.isCutOff(c))
      return;
    c = c->getDefinition();
    in(c);
    if (!declared(c) && !modelAnnotatedLock(unit.types, c, found))
      modelHomeMadeQueue(unit, c, found);
  }

  ASTContext &context;
  const models::Models &models;
  UnitBuilder unit;
};

} // namespace

OwnModels findOwnModels(ASTContext &context, const models::Models &models,
                        const FrontendOptions &options) {
  Search search(context, models, options);
  search.declared();
  search.everywhere();
  return std::move(search.found);
}

} // namespace sluice::checker::frontend
