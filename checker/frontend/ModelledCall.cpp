// Lowers one call that a model describes: its steps, operands and result.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/ModelledCall.h"

#include "clang/AST/DeclTemplate.h"

namespace sluice::checker::frontend {

using models::Effect;
using models::ResultShape;
using OperandKind = models::ModelOperand::Kind;

Lowered lowerModelledCall(FunctionLowering &f, const ModelledSite &site) {
  return ModelledCall(f, site).lower();
}

Lowered ModelledCall::lower() {
  for (const Step &step : site.model->steps) {
    run(step);
    // A constructor's later steps work on what its first one made.
    if (!object && !site.object && !site.self)
      object = result;
  }
  if (site.model->throws)
    maybeThrow();
  return shaped();
}

void ModelledCall::run(const Step &step) {
  happened.reset();
  open.reset();
  bool known = deferred(step) || lowerMaking(step) || lowerChannel(step) || lowerTime(step) ||
               lowerLock(step) || lowerCounting(step) || lowerBarrier(step) ||
               lowerCellWait(step) || lowerTask(step) || lowerGroup(step) || lowerStoppable(step) ||
               lowerHandle(step) || lowerFuture(step) || lowerValue(step) ||
               lowerFunctional(step) || lowerCell(step) || lowerSequence(step) ||
               lowerElement(step) || lowerIterator(step) || lowerMap(step) || lowerSet(step) ||
               lowerCoroutine(step) || lowerVariant(step);
  if (!known)
    unsupported();
}

/// What a model calls unsupported may do anything with what it is given.
void ModelledCall::unsupported() {
  Values operands;
  if (site.object || site.self)
    operands.push_back(value({OperandKind::This}));
  for (const clang::Expr *arg : site.args)
    operands.push_back(f.value(arg));
  f.gap("'" + site.model->name + "'");
  f.escape(operands, site.model->name);
  result = Operand::opaque();
}

void ModelledCall::maybeThrow() {
  f.ifElse(Operand::free(), [&] { f.raise(); });
}

// Operands

bool ModelledCall::isConstructor() const {
  return llvm::isa_and_nonnull<clang::CXXConstructorDecl>(site.callee);
}

const clang::Expr *ModelledCall::expr(const ModelOperand &o) const {
  if (o.kind == OperandKind::This)
    return site.object;
  bool isArgument = o.kind == OperandKind::Argument || o.kind == OperandKind::Rest;
  return isArgument && o.index < site.args.size() ? site.args[o.index] : nullptr;
}

clang::QualType ModelledCall::typeOf(const ModelOperand &o) const {
  const clang::Expr *e = expr(o);
  if (!e)
    return site.type.isNull() ? site.type : site.type.getNonReferenceType();
  clang::QualType type = e->getType();
  bool throughPointer = o.kind == OperandKind::This && type->isPointerType();
  return throughPointer ? type->getPointeeType() : type;
}

models::Role ModelledCall::roleOf(const ModelOperand &o) const {
  clang::QualType type = typeOf(o);
  const models::TypeModel *model = type.isNull() ? nullptr : f.unit.types.model(type);
  return model ? model->role : models::Role::Opaque;
}

/// The object of the call, evaluated once: steps may name it several times.
Lowered ModelledCall::self() {
  if (object)
    return *object;
  if (site.self)
    object = *site.self;
  else if (!site.object)
    return result;
  else if (!site.object->getType()->isPointerType())
    object = f.lower(site.object);
  else if (f.unit.types.holding(site.object->getType()->getPointeeType()) == Holding::Value)
    object = Lowered(Place::at(f.value(site.object)));
  else // a base without a model shares the object
    object = Lowered(f.value(site.object));
  return *object;
}

Lowered ModelledCall::lowered(const ModelOperand &o) {
  switch (o.kind) {
  case OperandKind::This:
    return self();
  case OperandKind::Argument:
  case OperandKind::Rest:
    return argument(o);
  case OperandKind::TemplateArgument:
    if (site.callee && site.callee->getTemplateSpecializationArgs()) {
      const clang::TemplateArgumentList &args = *site.callee->getTemplateSpecializationArgs();
      if (o.index < args.size() && args[o.index].getKind() == clang::TemplateArgument::Integral)
        return integer(args[o.index].getAsIntegral());
    }
    return Operand::opaque();
  case OperandKind::Integer:
    return Operand::integer(o.value);
  case OperandKind::Null:
    return Operand::null();
  case OperandKind::Unbounded:
    return Operand::integer(INT32_MAX);
  case OperandKind::Free:
    return Operand::free();
  case OperandKind::Result:
    return result;
  }
  return Operand::opaque();
}

/// An argument, evaluated once where steps may name it several times.
Lowered ModelledCall::argument(const ModelOperand &o) {
  const clang::Expr *e = expr(o);
  if (!e)
    return Operand::opaque();
  if (o.value)
    return plus(f.value(e), o.value);
  if (site.model->steps.size() == 1)
    return f.lower(e);
  auto known = arguments.find(o.index);
  return known != arguments.end() ? known->second : arguments[o.index] = f.lower(e);
}

Operand ModelledCall::value(const ModelOperand &o) {
  Lowered l = lowered(o);
  Operand v = l.place ? f.load(*l.place) : l.value;
  clang::QualType type = typeOf(o);
  return type.isNull() ? v : f.modelledPart(type, v);
}

Operand ModelledCall::owned(const ModelOperand &o) {
  const clang::Expr *e = expr(o);
  if (!e || o.kind == OperandKind::This || o.value)
    return value(o);
  return f.owned(e);
}

Place ModelledCall::place(const ModelOperand &o) {
  return lowered(o).place.value_or(Place::none());
}

llvm::ArrayRef<const clang::Expr *> ModelledCall::rest(const Step &step, size_t operand) const {
  llvm::ArrayRef<const clang::Expr *> args = site.args;
  if (operand >= step.operands.size())
    return {};
  const ModelOperand &o = step.operands[operand];
  if (o.kind == OperandKind::Rest)
    return args.drop_front(std::min<size_t>(o.index, args.size()));
  return o.index < args.size() ? args.slice(o.index, 1) : args.take_front(0);
}

ModelledCall::Values ModelledCall::ownedRest(const Step &step, size_t operand) {
  Values values;
  for (const clang::Expr *e : rest(step, operand))
    values.push_back(f.owned(e));
  return values;
}

/// A value on its way to another task. What is not tracked is at least there: an optional that
/// receives it is not empty, so it must not be taken for null.
Operand ModelledCall::payload(const ModelOperand &o) {
  if (o.kind == OperandKind::Null)
    return Operand::unit();
  Operand v = owned(o);
  return v.kind == Operand::Kind::Opaque ? Operand::unit() : v;
}

/// A value for a new owner of type `target`; an optional that gets a value is not empty, whatever
/// is known of the value.
Operand ModelledCall::engaged(const ModelOperand &o, clang::QualType target) {
  const models::TypeModel *model = target.isNull() ? nullptr : f.unit.types.model(target);
  bool wraps = model && model->role == models::Role::Optional && o.kind == OperandKind::Argument &&
               roleOf(o) != models::Role::Optional;
  return wraps ? payload(o) : owned(o);
}

// Results

Lowered ModelledCall::shaped() {
  switch (site.model->result) {
  case ResultShape::Plain:
    return result;
  case ResultShape::Optional:
    return optionalResult();
  case ResultShape::Given: {
    Operand got = wentThrough();
    bool always = got.kind == Operand::Kind::Integer;
    return always ? result : Lowered(choose(got, result.value, Operand::opaque()));
  }
  case ResultShape::Happened:
    return wentThrough();
  case ResultShape::Status:
    return status();
  case ResultShape::Pair: {
    Operand pair = f.newObject(f.unit.plainClass("tuple"));
    f.storeField(pair, memberName(site.type, 0), result.value);
    f.storeField(pair, memberName(site.type, 1), wentThrough());
    return pair;
  }
  case ResultShape::This:
    return self();
  case ResultShape::None:
    return Operand::opaque();
  }
  return result;
}

Operand ModelledCall::choose(Operand condition, Operand yes, Operand no) {
  Register r = f.newRegister();
  f.ifElse(condition, [&] { f.assign(r, yes); }, [&] { f.assign(r, no); });
  return Operand::reg(r);
}

Operand ModelledCall::plus(Operand n, int64_t k) {
  return n.kind == Operand::Kind::Integer ? Operand::integer(n.value + k)
                                          : f.emit(Opcode::Add, {n, Operand::integer(k)});
}

Operand ModelledCall::negated(Operand n) {
  return n.kind == Operand::Kind::Integer ? Operand::integer(-n.value)
                                          : f.emit(Opcode::Sub, {Operand::integer(0), n});
}

/// A plain receive gives null from a closed channel by itself; one that may give up does not say.
Operand ModelledCall::optionalResult() {
  return happened ? choose(*happened, result.value, Operand::null()) : result.value;
}

/// It neither gave up nor found the channel closed.
Operand ModelledCall::wentThrough() {
  if (happened && open)
    return choose(*happened, *open, Operand::integer(0));
  return happened ? *happened : open.value_or(Operand::integer(1));
}

Operand ModelledCall::status() {
  const models::StatusValues &s = site.model->status;
  Operand done = Operand::integer(s.success);
  if (open)
    done = choose(*open, done, Operand::integer(s.closed.value_or(0)));
  return happened ? choose(*happened, done, refused()) : done;
}

/// What says that it did not happen. A send that may give up does not tell why it did not.
Operand ModelledCall::refused() {
  const models::StatusValues &s = site.model->status;
  const Step &last = site.model->steps.back();
  Operand gaveUp = Operand::integer(s.otherwise);
  if (last.effect != Effect::Send || !(last.flags & models::QuietStep) || !s.closed)
    return gaveUp;
  Operand closed = Operand::integer(*s.closed);
  bool mayGiveUp = last.flags & (models::TryStep | models::TimedStep);
  return mayGiveUp && gaveUp != closed ? choose(Operand::free(), closed, gaveUp) : closed;
}

Operand ModelledCall::closure(llvm::StringRef what, llvm::ArrayRef<Capture> captures,
                              std::function<void(FunctionLowering &)> body, unsigned arguments,
                              llvm::StringRef slot, std::string display) {
  Span at = f.at();
  // The key is the same for every run, and for both runs when a function is lowered twice.
  std::string key = f.out.key + "@" + what.str() + "@" + std::to_string(at.line) + ":" +
                    std::to_string(at.column);
  if (display.empty())
    display = "the task at line " + std::to_string(at.line);
  std::vector<std::string> parameters{"this"};
  for (unsigned i = 0; i != arguments; ++i)
    parameters.push_back("a" + std::to_string(i));
  FunctionId code = f.unit.synthetic(key, display, parameters, std::move(body), at);
  Operand made = f.newObject(f.unit.closureClass(key, display, code, at, slot));
  for (const Capture &c : captures)
    f.storeField(made, c.field, c.value);
  return made;
}

} // namespace sluice::checker::frontend
