// Looks for contexts from a place outwards: locals, parameters, captures, fields.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/repair/ContextsInReach.h"

#include "clang/AST/ExprCXX.h"

#include <algorithm>

namespace sluice::checker::checks {
namespace {

using namespace clang;
using models::Effect;
using models::Role;

class ContextSearch {
public:
  ContextSearch(Scene &scene, const Spot &spot) : scene(scene), spot(spot) {}

  std::vector<ReachableContext> run();

private:
  void lookIn(size_t index);
  void lookInBlock(const CompoundStmt *block, const Stmt *until);
  void lookInFields(const CXXRecordDecl *record);
  void offer(const ValueDecl *variable);
  void offerPart(const ValueDecl *variable, const models::TypeModel &type);
  void add(const std::string &text, const std::string &type, const ValueDecl *variable);
  void leave(const LambdaExpr *lambda);

  Scene &scene;
  const Spot &spot;
  std::vector<const LambdaExpr *> crossed; ///< between the place and where the search is now
  std::vector<ReachableContext> found;
};

std::vector<ReachableContext> ContextSearch::run() {
  for (size_t index = spot.path.size(); index-- > 0;)
    lookIn(index);
  return std::move(found);
}

void ContextSearch::lookIn(size_t index) {
  const DynTypedNode &node = spot.path[index];
  if (const auto *block = node.get<CompoundStmt>())
    lookInBlock(block, index + 1 < spot.path.size() ? spot.path[index + 1].get<Stmt>() : nullptr);
  else if (const auto *lambda = node.get<LambdaExpr>())
    leave(lambda);
  else if (const auto *function = node.get<FunctionDecl>()) {
    for (const ParmVarDecl *parameter : function->parameters())
      offer(parameter);
    if (const auto *method = llvm::dyn_cast<CXXMethodDecl>(function))
      if (!method->isStatic())
        lookInFields(method->getParent());
  }
}

void ContextSearch::leave(const LambdaExpr *lambda) {
  for (const ParmVarDecl *parameter : lambda->getCallOperator()->parameters())
    offer(parameter);
  for (const LambdaCapture &capture : lambda->captures())
    if (capture.capturesVariable())
      if (const auto *made = llvm::dyn_cast<VarDecl>(capture.getCapturedVar()))
        if (made->isInitCapture())
          offer(made);
  crossed.push_back(lambda);
}

void ContextSearch::lookInBlock(const CompoundStmt *block, const Stmt *until) {
  for (const Stmt *statement : block->body()) {
    if (statement == until)
      return;
    if (const auto *declarations = llvm::dyn_cast<DeclStmt>(statement))
      for (const Decl *declaration : declarations->decls())
        if (const auto *variable = llvm::dyn_cast<VarDecl>(declaration))
          offer(variable);
  }
}

void ContextSearch::lookInFields(const CXXRecordDecl *record) {
  for (const FieldDecl *field : record->fields())
    offer(field);
}

void ContextSearch::offer(const ValueDecl *variable) {
  const models::TypeModel *type = scene.unit.types.model(variable->getType());
  if (!type || variable->getType()->isPointerType())
    return;
  if (type->role == Role::Context)
    add(variable->getNameAsString(), type->name, variable);
  else
    offerPart(variable, *type);
}

/// The context of a group, or the one that a library returns beside its canceller.
void ContextSearch::offerPart(const ValueDecl *variable, const models::TypeModel &type) {
  if (type.role == Role::CancellableContext) {
    const auto *pieces = llvm::dyn_cast<DecompositionDecl>(variable);
    for (const BindingDecl *binding : pieces ? pieces->bindings() : ArrayRef<BindingDecl *>())
      if (const auto *part = scene.unit.types.model(binding->getType());
          part && part->role == Role::Context)
        add(binding->getNameAsString(), part->name, binding);
    const CXXRecordDecl *record = variable->getType().getNonReferenceType()->getAsCXXRecordDecl();
    for (const FieldDecl *field : record->fields())
      if (const auto *part = scene.unit.types.model(field->getType());
          part && part->role == Role::Context && !pieces)
        add(variable->getNameAsString() + "." + field->getNameAsString(), part->name, variable);
  }
  if (type.role != Role::TaskGroup)
    return;
  const auto contexts = scene.unit.models.typesWith(Role::Context);
  for (const models::CallModel *call : scene.unit.models.callsWith(Effect::GroupContext))
    for (const models::TypeModel *context : contexts)
      if (splitName(call->name).first == type.name &&
          splitName(context->name).first == splitName(type.name).first)
        add(variable->getNameAsString() + "." + splitName(call->name).second.str() + "()",
            context->name, variable);
}

/// Whether a lambda has the variable already, or takes whatever its body names.
bool captures(const LambdaExpr *lambda, const ValueDecl *variable) {
  if (lambda->getCaptureDefault() != LCD_None)
    return true;
  return std::any_of(
      lambda->capture_begin(), lambda->capture_end(), [&](const LambdaCapture &capture) {
        return llvm::isa<FieldDecl>(variable)
                   ? capture.capturesThis()
                   : capture.capturesVariable() && capture.getCapturedVar() == variable;
      });
}

void ContextSearch::add(const std::string &text, const std::string &type,
                        const ValueDecl *variable) {
  ReachableContext context{text, type, {}};
  for (const LambdaExpr *lambda : crossed) {
    if (captures(lambda, variable))
      continue;
    std::optional<unsigned> bracket = scene.offset(lambda->getIntroducerRange().getEnd());
    // Only a handle may be copied into a task.
    if (!bracket || llvm::isa<FieldDecl>(variable) || text != variable->getNameAsString())
      return;
    bool empty = lambda->explicit_capture_begin() == lambda->explicit_capture_end();
    context.captures.push_back({*bracket, *bracket, empty ? text : ", " + text});
  }
  found.push_back(std::move(context));
}

} // namespace

std::vector<ReachableContext> contextsInReach(Scene &scene, const Spot &spot) {
  return ContextSearch(scene, spot).run();
}

} // namespace sluice::checker::checks
