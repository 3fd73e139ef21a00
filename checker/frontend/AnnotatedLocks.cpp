// Models locks by the attributes of Clang's thread-safety analysis.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/AnnotatedLocks.h"

#include "clang/AST/Attr.h"
#include "clang/AST/ExprCXX.h"

namespace sluice::checker::frontend {

using namespace clang;
using models::CallModel;
using models::Effect;
using models::ModelOperand;
using models::ResultShape;
using models::Role;
using models::Step;

namespace {

constexpr ModelOperand self{ModelOperand::Kind::This, 0, 0};

template <class A> bool hasAttribute(const Decl *d) {
  return llvm::any_of(d->redecls(), [](const Decl *each) { return each->hasAttr<A>(); });
}

/// Reads one class.
class AnnotatedLock {
public:
  AnnotatedLock(Types &types, const CXXRecordDecl *record) : types(types), record(record) {}

  bool enter(OwnModels &out);

private:
  void readLock();
  void readGuard();
  void add(const CXXMethodDecl *m, Effect effect, std::vector<ModelOperand> operands,
           uint32_t flags = 0, ResultShape result = ResultShape::None);
  void readLockMethod(const CXXMethodDecl *m);
  void readGuardMethod(const CXXMethodDecl *m);
  void readOther(const CXXMethodDecl *m);

  Types &types;
  const CXXRecordDecl *record;
  Role role = Role::Opaque;
  bool isElsewhere = false; ///< the code of something that locks or unlocks
  bool isUnclear = false;   ///< an attribute says what no model can
  bool isRecursive = false;
  std::vector<std::pair<const CXXMethodDecl *, CallModel>> calls;
};

void AnnotatedLock::add(const CXXMethodDecl *m, Effect effect, std::vector<ModelOperand> operands,
                        uint32_t flags, ResultShape result) {
  CallModel call;
  call.name = types.canonicalName(m);
  Step &step = call.steps.emplace_back();
  step.effect = effect;
  step.flags = flags;
  step.operands.append(operands.begin(), operands.end());
  call.result = result;
  calls.emplace_back(m, std::move(call));
}

/// What an attribute names: nothing, which is the object itself, or one parameter.
template <class A> std::optional<ModelOperand> operandOf(const A *attribute) {
  if (attribute->args_size() == 0)
    return self;
  if (attribute->args_size() > 1)
    return std::nullopt;
  const Expr *e = (*attribute->args_begin())->IgnoreParenImpCasts();
  if (const auto *u = llvm::dyn_cast<UnaryOperator>(e);
      u && (u->getOpcode() == UO_Deref || u->getOpcode() == UO_AddrOf))
    e = u->getSubExpr()->IgnoreParenImpCasts();
  if (llvm::isa<CXXThisExpr>(e))
    return self;
  const auto *named = llvm::dyn_cast<DeclRefExpr>(e);
  const auto *p = named ? llvm::dyn_cast<ParmVarDecl>(named->getDecl()) : nullptr;
  if (!p)
    return std::nullopt;
  return ModelOperand{ModelOperand::Kind::Argument, p->getFunctionScopeIndex(), 0};
}

uint32_t modeOf(bool shared) { return shared ? models::SharedStep : 0; }

/// Of a method without an attribute: what it does not say to change, it may only look at.
void AnnotatedLock::readOther(const CXXMethodDecl *m) {
  bool looks = m->isConst() && llvm::none_of(m->parameters(), [&](const ParmVarDecl *p) {
                 return types.isCallable(p->getType());
               });
  if (looks || hasAttribute<AssertCapabilityAttr>(m))
    add(m, Effect::Nothing, {});
  else
    add(m, Effect::Unsupported, {}, 0, ResultShape::Plain);
}

void AnnotatedLock::readLockMethod(const CXXMethodDecl *m) {
  bool locks = true;
  if (const auto *a = m->getAttr<AcquireCapabilityAttr>()) {
    isUnclear |= operandOf(a) != self || !m->getReturnType()->isVoidType();
    add(m, Effect::Lock, {self}, modeOf(a->isShared()));
    role = a->isShared() ? Role::SharedMutex : role;
  } else if (const auto *r = m->getAttr<ReleaseCapabilityAttr>()) {
    isUnclear |= operandOf(r) != self || r->isGeneric();
    add(m, Effect::Unlock, {self}, modeOf(r->isShared()));
  } else if (const auto *t = m->getAttr<TryAcquireCapabilityAttr>()) {
    const auto *success = llvm::dyn_cast<CXXBoolLiteralExpr>(t->getSuccessValue()->IgnoreParens());
    bool says = success && success->getValue() && m->getReturnType()->isBooleanType();
    isUnclear |= t->args_size() != 0 || !says;
    add(m, Effect::Lock, {self}, modeOf(t->isShared()) | models::TryStep, ResultShape::Happened);
    role = t->isShared() ? Role::SharedMutex : role;
  } else {
    locks = false;
    readOther(m);
  }
  isElsewhere |= locks && !m->getFirstDecl()->isThisDeclarationADefinition() && !m->isInlined();
}

/// That a lock may be taken again by its owner is in no attribute of this LLVM; a name that says
/// so is believed.
void AnnotatedLock::readLock() {
  role = Role::Mutex;
  for (const CXXMethodDecl *m : record->methods())
    if (!llvm::isa<CXXConstructorDecl, CXXDestructorDecl>(m) && !m->isImplicit() && !m->isDeleted())
      readLockMethod(m);
  std::string name = record->getName().lower();
  isRecursive =
      llvm::StringRef(name).contains("recursive") || llvm::StringRef(name).contains("reentrant");
  bool shared = role == Role::SharedMutex;
  for (const CXXConstructorDecl *k : record->ctors())
    if (!k->isDeleted() && !k->isCopyOrMoveConstructor())
      add(k, shared ? Effect::MakeSharedMutex : Effect::MakeMutex, {},
          isRecursive ? models::RecursiveStep : 0, ResultShape::Plain);
}

void AnnotatedLock::readGuardMethod(const CXXMethodDecl *m) {
  const auto *a = m->getAttr<AcquireCapabilityAttr>();
  const auto *r = m->getAttr<ReleaseCapabilityAttr>();
  if (llvm::isa<CXXConstructorDecl>(m)) {
    std::optional<ModelOperand> lock = a ? operandOf(a) : std::nullopt;
    isUnclear |= !lock || lock == self;
    if (lock)
      add(m, Effect::MakeGuard, {*lock}, modeOf(a->isShared()), ResultShape::Plain);
  } else if (llvm::isa<CXXDestructorDecl>(m)) {
    isUnclear |= !r || operandOf(r) != self;
    add(m, Effect::GuardEnd, {self});
  } else if (a || r) {
    isUnclear |= (a ? operandOf(a) : operandOf(r)) != self;
    add(m, a ? Effect::GuardLock : Effect::GuardUnlock, {self});
  } else {
    return readOther(m);
  }
  isElsewhere |= !m->getFirstDecl()->isThisDeclarationADefinition() && !m->isInlined();
}

void AnnotatedLock::readGuard() {
  role = Role::Guard;
  for (const CXXMethodDecl *m : record->methods())
    if (!m->isImplicit() && !m->isDeleted())
      readGuardMethod(m);
}

bool AnnotatedLock::enter(OwnModels &out) {
  bool isLock = hasAttribute<CapabilityAttr>(record);
  if ((!isLock && !hasAttribute<ScopedLockableAttr>(record)) || record->isUnion() ||
      record->getNumBases() || record->isPolymorphic())
    return false;
  isLock ? readLock() : readGuard();
  if (isUnclear || !isElsewhere)
    return false;
  models::TypeModel type;
  type.name = types.canonicalName(record);
  type.role = role;
  type.recursive = isRecursive;
  type.parameterRole = isLock ? "lock" : "";
  out.add(record, std::move(type));
  for (auto &[method, call] : calls)
    out.add(method, std::move(call));
  return true;
}

} // namespace

bool modelAnnotatedLock(Types &types, const CXXRecordDecl *record, OwnModels &out) {
  return AnnotatedLock(types, record).enter(out);
}

} // namespace sluice::checker::frontend
