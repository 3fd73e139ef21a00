// Lowers calls: of functions in sight, through slots, of unknown code; finds the model of a call.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/Lowering.h"

#include "clang/AST/Attr.h"
#include "clang/Basic/Builtins.h"

using namespace sluice::checker;
using namespace sluice::checker::frontend;
using namespace clang;

namespace {

bool isSourceLocation(Types &types, QualType type) {
  const auto *record = type.getNonReferenceType()->getAsCXXRecordDecl();
  return record && types.canonicalName(record) == "std::source_location";
}

/// The object expression without casts to bases, where the derived class is a library's own.
const Expr *objectOf(Types &types, const Expr *e) {
  for (;;) {
    const auto *cast = llvm::dyn_cast<ImplicitCastExpr>(e->IgnoreParens());
    if (!cast ||
        (cast->getCastKind() != CK_DerivedToBase &&
         cast->getCastKind() != CK_UncheckedDerivedToBase && cast->getCastKind() != CK_NoOp))
      return e;
    QualType inner = cast->getSubExpr()->getType();
    if (inner->isPointerType())
      inner = inner->getPointeeType();
    const auto *record = inner->getAsCXXRecordDecl();
    if (!record || !types.isCutOffRecord(record))
      return e;
    e = cast->getSubExpr();
  }
}

/// "C::member" for a class and then its bases.
void addNames(Types &types, const CXXRecordDecl *c, const std::string &member,
              std::vector<std::string> &names) {
  names.push_back(types.canonicalName(c) + "::" + member);
  if (c->hasDefinition())
    for (const CXXBaseSpecifier &b : c->bases())
      if (const auto *base = b.getType()->getAsCXXRecordDecl())
        addNames(types, base, member, names);
}

std::string memberName(const FunctionDecl *f) {
  if (llvm::isa<CXXConstructorDecl>(f))
    return "constructor";
  if (llvm::isa<CXXDestructorDecl>(f))
    return "destructor";
  if (const auto *c = llvm::dyn_cast<CXXConversionDecl>(f))
    return "operator " + c->getConversionType()
                             .getCanonicalType()
                             .getNonReferenceType()
                             .getUnqualifiedType()
                             .getAsString(PrintingPolicy(f->getLangOpts()));
  return f->getNameAsString();
}

using Arguments = llvm::ArrayRef<const Expr *>;

const models::CallModel *modelFor(UnitBuilder &unit, const std::vector<std::string> &names,
                                  const FunctionDecl *f, Arguments args) {
  if (const models::CallModel *queue = unit.own.call(f))
    return queue;
  if (!unit.models.hasCall(names))
    return nullptr;
  std::vector<models::Parameter> parameters;
  for (unsigned i = 0; i != f->getNumParams(); ++i)
    if (QualType type = f->getParamDecl(i)->getType(); !isSourceLocation(unit.types, type))
      parameters.push_back(unit.types.parameter(type, i < args.size() ? args[i] : nullptr));
  return unit.models.findCall(names, parameters);
}

void addArguments(Types &types, llvm::ArrayRef<const Expr *> args, ModelledSite &site) {
  for (const Expr *a : args)
    if (!isSourceLocation(types, a->getType()))
      site.args.push_back(a);
}

llvm::ArrayRef<const Expr *> argumentsOf(const CallExpr *e) {
  return llvm::ArrayRef(const_cast<const Expr *const *>(e->getArgs()), e->getNumArgs());
}

} // namespace

std::optional<ModelledSite> FunctionLowering::siteOf(const Expr *e) {
  e = e->IgnoreImplicit()->IgnoreParens();
  if (const auto *t = llvm::dyn_cast<CXXFunctionalCastExpr>(e))
    return siteOf(t->getSubExpr());
  if (const auto *c = llvm::dyn_cast<CXXConstructExpr>(e))
    return siteOfConstruct(c);
  const auto *call = llvm::dyn_cast<CallExpr>(e);
  const FunctionDecl *f = call ? call->getDirectCallee() : nullptr;
  if (!f)
    return std::nullopt;
  llvm::ArrayRef<const Expr *> args = argumentsOf(call);
  const Expr *object = nullptr;
  const auto *method = llvm::dyn_cast<CXXMethodDecl>(f);
  if (const auto *m = llvm::dyn_cast<CXXMemberCallExpr>(call)) {
    object = m->getImplicitObjectArgument();
  } else if (llvm::isa<CXXOperatorCallExpr>(call) && method && !method->isStatic()) {
    object = args[0];
    args = args.drop_front();
  }
  std::vector<std::string> names;
  if (object) {
    object = objectOf(unit.types, object);
    QualType type = object->getType();
    const auto *c = (type->isPointerType() ? type->getPointeeType() : type)->getAsCXXRecordDecl();
    if (!c)
      return std::nullopt;
    addNames(unit.types, c, memberName(f), names);
  } else {
    names.push_back(unit.types.canonicalName(f));
  }
  const models::CallModel *model = modelFor(unit, names, f, args);
  if (!model)
    return std::nullopt;
  ModelledSite site{model, call, f, object, {}, {}, call->getType()};
  addArguments(unit.types, args, site);
  return site;
}

const models::CallModel *FunctionLowering::modelOfConstructor(const CXXConstructorDecl *k,
                                                              llvm::ArrayRef<const Expr *> args) {
  return modelFor(unit, {unit.types.canonicalName(k->getParent()) + "::constructor"}, k, args);
}

std::optional<ModelledSite> FunctionLowering::siteOfConstruct(const CXXConstructExpr *e) {
  const CXXConstructorDecl *f = e->getConstructor();
  llvm::ArrayRef args(const_cast<const Expr *const *>(e->getArgs()), e->getNumArgs());
  const models::CallModel *model = modelOfConstructor(f, args);
  if (!model)
    return std::nullopt;
  ModelledSite site{model, e, f, nullptr, {}, {}, e->getType()};
  addArguments(unit.types, args, site);
  return site;
}

/// The model of a default constructor or destructor, whose call is not written.
const models::CallModel *FunctionLowering::modelOfMember(const CXXRecordDecl *c,
                                                         const std::string &type,
                                                         llvm::StringRef member) {
  if (!c || !unit.own.type(c))
    return unit.models.findCall({type + "::" + member.str()}, {});
  if (member == "destructor")
    return unit.own.destructor(c);
  for (const CXXConstructorDecl *k : c->ctors())
    if (k->isDefaultConstructor())
      return unit.own.call(k);
  return nullptr;
}

std::optional<ModelledSite> FunctionLowering::siteOfType(QualType type, llvm::StringRef member) {
  const models::TypeModel *m = unit.types.model(type);
  if (!m)
    return std::nullopt;
  const models::CallModel *model = modelOfMember(type->getAsCXXRecordDecl(), m->name, member);
  if (!model)
    return std::nullopt;
  ModelledSite site;
  site.model = model;
  site.type = type;
  return site;
}

Place FunctionLowering::lastError() {
  bool first = !std::exchange(readsError, true);
  again |= first && leavesError;
  return errorNumber ? Place::reg(*errorNumber) : Place::constant(Operand::free());
}

void FunctionLowering::leaveError(Operand number) {
  bool first = !std::exchange(leavesError, true);
  again |= first && readsError;
  justLeft = true;
  if (errorNumber)
    assign(*errorNumber, number);
}

Lowered FunctionLowering::lowerCall(const CallExpr *e) {
  Lowered result = lowerCallAlone(e);
  if (!std::exchange(justLeft, false) && errorNumber)
    assign(*errorNumber, Operand::free());
  return result;
}

Lowered FunctionLowering::lowerCallAlone(const CallExpr *e) {
  At place(*this, unit.callSpan(e));
  if (auto site = siteOf(e)) {
    if (site->expr == e)
      return lowerModelledCall(*this, *site);
  }
  About nothing(*this, {});
  const FunctionDecl *f = e->getDirectCallee();
  if (!f)
    return callIndirect(e);
  if (f->getBuiltinID())
    if (auto l = lowerBuiltin(e, f))
      return *l;
  const auto *method = llvm::dyn_cast<CXXMethodDecl>(f);
  bool ownCode = method && method->isVirtual() ? !unit.types.isCutOffRecord(method->getParent())
                                               : !unit.isCutOff(f);
  return ownCode ? callFunction(e, f) : callUnknown(e, f);
}

std::optional<Lowered> FunctionLowering::lowerBuiltin(const CallExpr *e, const FunctionDecl *f) {
  switch (f->getBuiltinID()) {
  case Builtin::BI__builtin_unreachable:
    finish(Opcode::Unreachable);
    return Lowered();
  case Builtin::BI__builtin_coro_frame:
    return coroutine ? Lowered(Operand::reg(0)) : Lowered();
  case Builtin::BI__builtin_expect:
  case Builtin::BI__builtin_expect_with_probability:
  case Builtin::BImove:
  case Builtin::BIforward:
  case Builtin::BImove_if_noexcept:
  case Builtin::BIas_const:
    return lower(e->getArg(0));
  case Builtin::BIaddressof:
  case Builtin::BI__addressof:
  case Builtin::BI__builtin_addressof:
    return addressOfExpr(e->getArg(0));
  default:
    return std::nullopt;
  }
}

void FunctionLowering::arguments(llvm::ArrayRef<const Expr *> args, const FunctionDecl *f,
                                 Values &out) {
  Values unnamed;
  for (size_t i = 0; i != args.size(); ++i)
    if (i < f->getNumParams())
      out.push_back(argument(args[i], f->getParamDecl(i)->getType()));
    else
      unnamed.push_back(value(args[i]));
  // Code in sight takes what has no name from where nobody follows it.
  if (!unnamed.empty() && f->isDefined() && !unit.isCutOff(f))
    escape(unnamed, unit.types.canonicalName(f) + "(...)");
  else
    out.append(unnamed.begin(), unnamed.end());
}

void FunctionLowering::throwFrom(const FunctionDecl *f) {
  if (unit.isSaidToThrow(f))
    ifElse(Operand::free(), [&] { raise(); });
}

Lowered FunctionLowering::resultAs(Operand result, QualType declared) {
  if (unit.types.holding(declared) == Holding::Opaque)
    return Lowered();
  if (!declared->isReferenceType() || unit.types.holding(declared) != Holding::Value)
    return result;
  return unit.types.byPlace(declared) ? Lowered(Place::at(result))
                                      : Lowered(Place::constant(result));
}

Lowered FunctionLowering::callFunction(const CallExpr *e, const FunctionDecl *f) {
  Values args;
  llvm::ArrayRef<const Expr *> given = argumentsOf(e);
  const auto *method = llvm::dyn_cast<CXXMethodDecl>(f);
  const auto *member = llvm::dyn_cast<MemberExpr>(e->getCallee()->IgnoreParens());
  bool isVirtual = false;
  // A closure as a function pointer is called as the closure is.
  if (llvm::isa<CXXConversionDecl>(f) && method->getParent()->isLambda())
    return value(llvm::cast<CXXMemberCallExpr>(e)->getImplicitObjectArgument());
  if (const auto *m = llvm::dyn_cast<CXXMemberCallExpr>(e)) {
    args.push_back(value(m->getImplicitObjectArgument()));
    if (member && method->isVirtual() && !member->hasQualifier()) {
      const auto *exact = method->getDevirtualizedMethod(member->getBase(), /*IsAppleKext=*/false);
      isVirtual = !exact;
      f = exact ? exact : f;
    }
  } else if (llvm::isa<CXXOperatorCallExpr>(e) && method) {
    if (method->isStatic())
      effects(given[0]);
    else
      args.push_back(value(given[0]));
    given = given.drop_front();
  }
  arguments(given, f, args);
  throwFrom(f);
  Operand result = isVirtual ? callSlot(unit.slotName(method), args, /*isVirtual=*/true)
                             : call(unit.function(f), args);
  if (f->isNoReturn())
    finish(Opcode::Unreachable);
  return resultAs(result, f->getReturnType());
}

Lowered FunctionLowering::callIndirect(const CallExpr *e) {
  Values args;
  const Expr *callee = e->getCallee()->IgnoreParens();
  if (llvm::isa<CXXPseudoDestructorExpr>(callee)) {
    const auto *d = llvm::cast<CXXPseudoDestructorExpr>(callee);
    effects(d->getBase());
    return Operand::unit();
  }
  const Expr *object = nullptr;
  if (const auto *b = llvm::dyn_cast<BinaryOperator>(callee); b && b->isPtrMemOp()) {
    object = b->getLHS();
    callee = b->getRHS();
  }
  args.push_back(value(callee));
  QualType type = callee->getType();
  if (object)
    args.push_back(value(object));
  if (type->isPointerType() || type->isMemberPointerType())
    type = type->getPointeeType();
  const auto *proto = type->getAs<FunctionProtoType>();
  for (unsigned i = 0; i != e->getNumArgs(); ++i) {
    bool known = proto && i < proto->getNumParams();
    args.push_back(known ? argument(e->getArg(i), proto->getParamType(i)) : value(e->getArg(i)));
  }
  Operand result = args[0].kind == Operand::Kind::Function
                       ? call(args[0].index, llvm::ArrayRef(args).drop_front())
                       : callSlot("()", args, /*isVirtual=*/false);
  return resultAs(result, e->getCallReturnType(unit.context));
}

void FunctionLowering::overwritten(const Expr *arg, QualType parameter) {
  // Unknown code may write through what it is given, as scanf does.
  const Expr *target = nullptr;
  if (parameter->isLValueReferenceType() && unit.types.byPlace(parameter))
    target = arg;
  const auto *address = llvm::dyn_cast<UnaryOperator>(arg->IgnoreParenImpCasts());
  if (address && address->getOpcode() == UO_AddrOf && parameter->isPointerType() &&
      !parameter->getPointeeType().isConstQualified())
    target = address->getSubExpr();
  if (!target || unit.types.mayReach(target->getType()))
    return;
  if (unit.types.holding(target->getType()) == Holding::Value)
    store(place(target), Operand::free());
}

bool FunctionLowering::isText(QualType type) {
  const models::TypeModel *model = unit.types.model(type);
  return model && model->role == models::Role::Text;
}

Lowered FunctionLowering::callUnknown(const CallExpr *e, const FunctionDecl *f) {
  Values tracked;
  llvm::SmallVector<std::pair<Operand, QualType>, 2> callables;
  bool readsUntracked = false; // the result is no outside input
  const bool givesCallable = unit.types.isCallable(f->getReturnType());
  auto pass = [&](const Expr *a) {
    QualType type = a->getType();
    Operand v = value(a);
    readsUntracked |= v.kind == Operand::Kind::Opaque && unit.types.mayReach(type);
    const auto *ref = llvm::dyn_cast<DeclRefExpr>(a->IgnoreParenImpCasts());
    if (ref && llvm::isa<FunctionDecl>(ref->getDecl()) && unit.isCutOff(ref->getDecl()))
      return;
    // Who gives a callable back keeps in it what it was given, and leaves the call to others.
    if (unit.types.isCallable(type) && v.kind != Operand::Kind::Opaque && !givesCallable)
      callables.push_back({v, type});
    else if (unit.types.mayReach(type) && v.kind == Operand::Kind::Register)
      tracked.push_back(v);
  };
  if (const auto *m = llvm::dyn_cast<CXXMemberCallExpr>(e)) {
    const Expr *object = m->getImplicitObjectArgument();
    const auto *method = llvm::dyn_cast<CXXMethodDecl>(f);
    if (method && !method->isConst() && isText(object->getType()))
      store(place(object), Operand::free());
    pass(object);
  }
  llvm::ArrayRef<const Expr *> args = argumentsOf(e);
  bool oneMore = llvm::isa<CXXOperatorCallExpr>(e) && llvm::isa<CXXMethodDecl>(f);
  for (size_t i = 0; i != args.size(); ++i) {
    size_t parameter = i - (oneMore ? 1 : 0);
    if (parameter < f->getNumParams() &&
        (f->getParamDecl(parameter)->getType()->isReferenceType() ||
         f->getParamDecl(parameter)->getType()->isPointerType()))
      overwritten(args[i], f->getParamDecl(parameter)->getType());
    pass(args[i]);
  }
  throwFrom(f);
  std::string name = unit.types.canonicalName(f);
  for (auto &[callable, type] : callables)
    loop([&](BlockId yes, BlockId no) { branch(emit(Opcode::Copy, {Operand::free()}), yes, no); },
         [&, callable = callable, type = type] { invoke(callable, type, {}); });
  if (!tracked.empty())
    escape(tracked, name);
  if (f->isNoReturn())
    finish(Opcode::Stop);
  if (std::optional<Operand> known = constantResult(f))
    return *known;
  QualType result = f->getReturnType();
  // A conversion between handles names the same object.
  if (llvm::isa<CXXConversionDecl>(f) && unit.types.holding(result) == Holding::Value &&
      tracked.size() == 1)
    return tracked[0];
  if (unit.types.holding(result) != Holding::Value || result->isReferenceType())
    return Lowered();
  bool isInput = tracked.empty() && !readsUntracked && !unit.types.mayReach(result);
  return isInput ? Operand::free() : Operand::opaque();
}

/// What a function of a library's header gives where its body is but one constant, as in macros of
/// test frameworks. A modelled library is cut off whether or not its header holds bodies.
std::optional<Operand> FunctionLowering::constantResult(const FunctionDecl *f) {
  const FunctionDecl *definition = nullptr;
  const auto *method = llvm::dyn_cast<CXXMethodDecl>(f);
  if ((method && method->isVirtual()) || !f->hasBody(definition) ||
      definition->hasAttr<WeakAttr>() || unit.models.isModelled(unit.types.canonicalName(f)))
    return std::nullopt;
  const auto *body = llvm::dyn_cast<CompoundStmt>(definition->getBody());
  const auto *only =
      body && body->size() == 1 ? llvm::dyn_cast<ReturnStmt>(body->body_front()) : nullptr;
  return only && only->getRetValue() ? constant(only->getRetValue()) : std::nullopt;
}

void FunctionLowering::escape(llvm::ArrayRef<Operand> operands, llvm::StringRef why) {
  emit(Opcode::CallUnknown, operands);
  Instruction &i = out.blocks[current].code.back();
  i.type = why.str();
  i.results.assign(1, std::nullopt);
}

Operand FunctionLowering::invoke(Operand callable, QualType type, llvm::ArrayRef<Operand> args) {
  type = type.getNonReferenceType();
  Values all;
  auto callKnown = [&](FunctionId f) {
    // Arguments that a library makes up are not known.
    all.resize(unit.program.functions[f].parameters, Operand::free());
    return call(f, all);
  };
  if (callable.kind == Operand::Kind::Function) {
    all.assign(args.begin(), args.end());
    return callKnown(callable.index);
  }
  all.push_back(callable);
  all.append(args.begin(), args.end());
  const auto *record = type->getAsCXXRecordDecl();
  const CXXMethodDecl *op =
      record && record->isLambda() ? record->getLambdaCallOperator() : nullptr;
  if (op && !op->isDependentContext() && op->isImplicitObjectMemberFunction())
    return callKnown(unit.function(op));
  return callSlot("()", all, /*isVirtual=*/false);
}
