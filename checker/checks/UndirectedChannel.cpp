// Finds parameters and private fields that should be send-only or receive-only handles.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/UndirectedChannel.h"

#include "checks/DirectedFix.h"
#include "checks/HandleUses.h"

#include "clang/AST/RecursiveASTVisitor.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace sluice::checker::checks {
namespace {

using namespace clang;
using models::Role;

/// Functions of the unit whose signature may change, and those whose address is taken.
class Candidates : public RecursiveASTVisitor<Candidates> {
public:
  explicit Candidates(SourceUnit &unit) : unit(unit) {}

  llvm::SetVector<FunctionDecl *> functions;
  llvm::SetVector<CXXRecordDecl *> classes;
  llvm::SmallPtrSet<const FunctionDecl *, 8> addressed;

  bool VisitFunctionDecl(FunctionDecl *function) {
    if (function->doesThisDeclarationHaveABody() && unit.isUserCode(function) &&
        !function->isDependentContext() && !function->isTemplateInstantiation() &&
        !function->isMain())
      functions.insert(function);
    return true;
  }
  bool VisitCXXRecordDecl(CXXRecordDecl *record) {
    if (record->isThisDeclarationADefinition() && unit.isUserCode(record) &&
        !record->isDependentContext() && !record->isLambda() &&
        !llvm::isa<ClassTemplateSpecializationDecl>(record))
      classes.insert(record);
    return true;
  }
  bool VisitCallExpr(CallExpr *call) {
    callees.insert(call->getCallee()->IgnoreParenImpCasts());
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *use) {
    const auto *function = llvm::dyn_cast<FunctionDecl>(use->getDecl());
    if (function && !callees.contains(use))
      addressed.insert(function->getCanonicalDecl());
    return true;
  }

private:
  SourceUnit &unit;
  llvm::SmallPtrSet<const Expr *, 32> callees; ///< a call is visited before its callee
};

/// A channel by value or const reference whose library has directed types.
const models::TypeModel *undirected(SourceUnit &unit, QualType type) {
  if (type->isPointerType() || type->isRValueReferenceType() ||
      (type->isLValueReferenceType() && !type.getNonReferenceType().isConstQualified()))
    return nullptr;
  const models::TypeModel *model = unit.types.model(type);
  bool directed = model && model->role == Role::Channel && !model->directed[0].empty() &&
                  !model->directed[1].empty();
  return directed ? model : nullptr;
}

const OptionInfo exportedFunctions{"ExportedFunctions", OptionKind::Flag, "true",
                                   "also report parameters of functions that other files can call"};

bool mayChange(const FunctionDecl *function, const Candidates &candidates) {
  const auto *method = llvm::dyn_cast<CXXMethodDecl>(function);
  if (method && (method->isVirtual() || method->getParent()->isLambda()))
    return false;
  if (function->isOverloadedOperator() || function->isExternC() || function->isInvalidDecl() ||
      candidates.addressed.contains(function->getCanonicalDecl()))
    return false;
  // Another overload of as many parameters may be the one that calls choose afterwards.
  for (const NamedDecl *other : function->getDeclContext()->lookup(function->getDeclName())) {
    const FunctionDecl *overload = other->getAsFunction();
    if (overload && overload->getCanonicalDecl() != function->getCanonicalDecl() &&
        overload->getNumParams() == function->getNumParams())
      return false;
  }
  return true;
}

findings::Finding describe(SourceUnit &unit, const ValueDecl *handle, const char *what,
                           const HandleUse &use, const std::string &directed) {
  std::string name = "'" + handle->getNameAsString() + "'";
  findings::Finding finding;
  finding.check = undirectedChannel.id.str();
  finding.severity = undirectedChannel.severity;
  finding.definite = true;
  finding.message = std::string("channel ") + what + ' ' + name + " is only " +
                    (use.sends ? "sent to" : "received from") + "; make it a '" +
                    llvm::StringRef(directed).rsplit("::").second.str() + "'";
  finding.at = unit.place(handle->getLocation());
  finding.notes.push_back({use.first, name + " is used here", 0});
  return finding;
}

void inspectParameters(SourceUnit &unit, const Candidates &candidates,
                       std::vector<findings::Finding> &found) {
  bool exported = unit.options.isOn(undirectedChannel, exportedFunctions);
  for (FunctionDecl *function : candidates.functions) {
    if (!mayChange(function, candidates) || (!exported && function->isExternallyVisible()))
      continue;
    auto wanted = [&](const ValueDecl *handle) {
      return llvm::is_contained(function->parameters(), handle) &&
             undirected(unit, handle->getType());
    };
    HandleUses uses;
    collectFunctionUses(unit, function, wanted, uses);
    for (auto &[handle, use] : uses) {
      if (!use.isOneWay())
        continue;
      const std::string &directed = undirected(unit, handle->getType())->directed[!use.sends];
      findings::Finding finding = describe(unit, handle, "parameter", use, directed);
      if (unit.options.isOn(undirectedChannel, fixes))
        addParameterFix(unit, function, llvm::cast<ParmVarDecl>(handle), directed, finding);
      found.push_back(std::move(finding));
    }
  }
}

/// Every use of a private field is in sight if all bodies are, and nobody is a friend.
bool allInSight(const CXXRecordDecl *record) {
  if (record->hasFriends() || record->isInvalidDecl())
    return false;
  return llvm::all_of(record->methods(),
                      [](const CXXMethodDecl *method) {
                        return method->isImplicit() || method->isDeleted() ||
                               method->isDefaulted() || method->hasBody();
                      }) &&
         llvm::none_of(record->decls(), [](const Decl *member) {
           return llvm::isa<FunctionTemplateDecl, CXXRecordDecl>(member) && !member->isImplicit();
         });
}

/// Whether every constructor copies the field from a channel made elsewhere.
bool isAlwaysGiven(const CXXRecordDecl *record, const FieldDecl *field) {
  if (field->hasInClassInitializer())
    return false;
  unsigned given = 0, constructors = 0;
  for (const CXXConstructorDecl *constructor : record->ctors()) {
    if (constructor->isCopyOrMoveConstructor() || constructor->isDeleted())
      continue;
    ++constructors;
    const FunctionDecl *body = nullptr;
    if (!constructor->hasBody(body))
      return false;
    for (const CXXCtorInitializer *init : llvm::cast<CXXConstructorDecl>(body)->inits()) {
      const auto *copy = init->getMember() == field
                             ? llvm::dyn_cast<CXXConstructExpr>(init->getInit()->IgnoreImplicit())
                             : nullptr;
      given += copy && copy->getConstructor()->isCopyOrMoveConstructor();
    }
  }
  return constructors > 0 && given == constructors;
}

void inspectFields(SourceUnit &unit, const Candidates &candidates,
                   std::vector<findings::Finding> &found) {
  for (CXXRecordDecl *record : candidates.classes) {
    auto wanted = [&](const ValueDecl *handle) {
      const auto *field = llvm::dyn_cast<FieldDecl>(handle);
      return field && field->getParent() == record && field->getAccess() == AS_private &&
             undirected(unit, field->getType()) && isAlwaysGiven(record, field);
    };
    if (!llvm::any_of(record->fields(), wanted) || !allInSight(record))
      continue;
    HandleUses uses;
    for (CXXMethodDecl *method : record->methods())
      collectFunctionUses(unit, method, wanted, uses);
    for (auto &[handle, use] : uses) {
      if (!use.isOneWay())
        continue;
      const std::string &directed = undirected(unit, handle->getType())->directed[!use.sends];
      findings::Finding finding = describe(unit, handle, "field", use, directed);
      if (unit.options.isOn(undirectedChannel, fixes))
        addFieldFix(unit, llvm::cast<FieldDecl>(handle), directed, finding);
      found.push_back(std::move(finding));
    }
  }
}

void inspect(SourceUnit &unit, std::vector<findings::Finding> &found) {
  Candidates candidates(unit);
  for (Decl *declaration : unit.topLevel())
    candidates.TraverseDecl(declaration);
  inspectParameters(unit, candidates, found);
  inspectFields(unit, candidates, found);
}

} // namespace

static const OptionInfo *const options[] = {&exportedFunctions, &fixes};

const CheckInfo undirectedChannel = {
    .id = "undirected-channel",
    .summary = "a channel handle used in one direction only, where a directed type exists",
    .severity = findings::Severity::Style,
    .inspect = inspect,
    .options = options,
};

} // namespace sluice::checker::checks
