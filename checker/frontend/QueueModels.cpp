// Says what the methods of a recognised queue class do, in the words of models.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/QueueModels.h"

namespace sluice::checker::frontend {

using namespace clang;
using models::Effect;
using models::ModelOperand;
using models::ResultShape;
using ValueKind = QueueValue::Kind;

namespace {

/// The class's elements, as its methods take and give them.
class QueueModeller {
public:
  QueueModeller(Types &types, QualType element, bool bounded)
      : types(types), element(element), bounded(bounded) {}

  bool modelMethod(const CXXMethodDecl *m, const MethodShape &shape, OwnModels &out) const;

private:
  bool modelSend(const CXXMethodDecl *m, const MethodShape &s, models::CallModel &call) const;
  bool modelReceive(const CXXMethodDecl *m, const MethodShape &s, models::CallModel &call) const;
  std::optional<unsigned> sentParameter(const CXXMethodDecl *m, const MethodShape &s) const;

  Types &types;
  QualType element;
  bool bounded;
};

QualType bare(QualType type) {
  return type.getNonReferenceType().getCanonicalType().getUnqualifiedType();
}

std::optional<unsigned> QueueModeller::sentParameter(const CXXMethodDecl *m,
                                                     const MethodShape &s) const {
  std::optional<unsigned> found;
  for (const ParmVarDecl *p : m->parameters()) {
    bool callable = types.isCallable(p->getType()) && types.isCallable(element);
    if (bare(p->getType()) != bare(element) && !callable)
      continue;
    if (found)
      return std::nullopt;
    found = p->getFunctionScopeIndex();
  }
  bool other = s.put && s.put->kind == ValueKind::Parameter && found != s.put->index - 1;
  bool lost = s.put && !(s.put->kind == ValueKind::Parameter || s.put->kind == ValueKind::Fresh ||
                         s.put->kind == ValueKind::Unknown);
  return other || lost ? std::nullopt : found;
}

/// How numbers returned by a method become a status; false if they cannot.
bool asStatus(const MethodShape &s, models::CallModel &call) {
  call.result = ResultShape::Status;
  call.status.success = s.success->number;
  auto isNumber = [](const std::optional<QueueValue> &v) {
    return !v || v->kind == ValueKind::Integer;
  };
  bool sends = s.role == MethodShape::Role::Send;
  if (sends && s.whenClosed && s.otherwise && s.whenClosed != s.otherwise)
    return false;
  if (!isNumber(s.whenClosed) || !isNumber(s.otherwise))
    return false;
  std::optional<QueueValue> failed = s.otherwise ? s.otherwise : s.whenClosed;
  if (s.whenClosed)
    call.status.closed = s.whenClosed->number;
  call.status.otherwise = failed ? failed->number : 0;
  return true;
}

bool QueueModeller::modelSend(const CXXMethodDecl *m, const MethodShape &s,
                              models::CallModel &call) const {
  std::optional<unsigned> sent = sentParameter(m, s);
  if (!sent)
    return false;
  models::Step &step = call.steps.emplace_back();
  step.effect = Effect::Send;
  step.operands = {{ModelOperand::Kind::This, 0, 0}, {ModelOperand::Kind::Argument, *sent, 0}};
  step.flags = (s.closed == MethodShape::Closed::Quiet ? models::QuietStep : 0) |
               (s.closed == MethodShape::Closed::Anyway ? models::AnywayStep : 0) |
               (s.tries && bounded ? models::TryStep : 0) | (s.timed ? models::TimedStep : 0);
  if (s.success && s.success->kind == ValueKind::Integer)
    return asStatus(s, call);
  call.result = ResultShape::None;
  auto says = [](const std::optional<QueueValue> &v) { return v && v->kind != ValueKind::Unknown; };
  return !says(s.success) && !says(s.whenClosed) && !says(s.otherwise);
}

bool QueueModeller::modelReceive(const CXXMethodDecl *m, const MethodShape &s,
                                 models::CallModel &call) const {
  bool tracked = types.holding(element) != Holding::Opaque;
  models::Step &step = call.steps.emplace_back();
  step.effect = Effect::Receive;
  step.operands = {{ModelOperand::Kind::This, 0, 0}};
  if (s.into)
    step.operands.push_back({ModelOperand::Kind::Argument, *s.into - 1, 0});
  step.flags = (s.closed == MethodShape::Closed::Throws ? models::ThrowsStep : 0) |
               (s.tries ? models::TryStep : 0) | (s.timed ? models::TimedStep : 0);
  bool byResult = !m->getReturnType()->isVoidType() && s.success->kind != ValueKind::Integer;
  if (tracked && !byResult && !s.into)
    return false;
  if (!byResult && m->getReturnType()->isVoidType()) {
    call.result = ResultShape::None;
    return true;
  }
  if (!byResult)
    return asStatus(s, call);
  // What is given back where there is nothing must be null, or be followed by nobody.
  auto isNull = [&](const std::optional<QueueValue> &v) {
    return !v || v->kind == ValueKind::Null || types.holding(m->getReturnType()) == Holding::Opaque;
  };
  bool given =
      s.success->kind == ValueKind::Element || s.success->kind == ValueKind::Fresh || !tracked;
  call.result = ResultShape::Optional;
  return given && isNull(s.whenClosed) && isNull(s.otherwise);
}

bool QueueModeller::modelMethod(const CXXMethodDecl *m, const MethodShape &s,
                                OwnModels &out) const {
  models::CallModel call;
  call.name = types.canonicalName(m);
  ModelOperand self{ModelOperand::Kind::This, 0, 0};
  auto only = [&](Effect effect, uint32_t flags) {
    models::Step &step = call.steps.emplace_back();
    step.effect = effect;
    step.flags = flags;
    if (effect != Effect::Nothing)
      step.operands = {self};
  };
  bool fits = true;
  switch (s.role) {
  case MethodShape::Role::Send:
    fits = modelSend(m, s, call);
    break;
  case MethodShape::Role::Receive:
    fits = modelReceive(m, s, call);
    break;
  case MethodShape::Role::Close:
    only(Effect::Close, models::QuietStep);
    call.result = ResultShape::None;
    break;
  case MethodShape::Role::Look:
    only(s.looks == MethodShape::Looks::Size    ? Effect::Size
         : s.looks == MethodShape::Looks::Empty ? Effect::IsEmpty
                                                : Effect::Nothing,
         0);
    break;
  }
  if (llvm::isa<CXXDestructorDecl>(m)) {
    if (s.role == MethodShape::Role::Look)
      return true;
    fits &= s.role == MethodShape::Role::Close;
  }
  out.add(m, std::move(call));
  return fits;
}

} // namespace

bool modelMethod(Types &types, QualType element, bool bounded, const CXXMethodDecl *m,
                 const MethodShape &shape, OwnModels &out) {
  return QueueModeller(types, element, bounded).modelMethod(m, shape, out);
}

} // namespace sluice::checker::frontend
