// Lowers one whole function: parameters, `this`, captures, body and return.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/Lowering.h"

using namespace sluice::checker;
using namespace sluice::checker::frontend;
using namespace clang;

namespace {

/// The variables that closures inside a body capture by reference.
void findLent(const Stmt *s, llvm::DenseSet<const VarDecl *> &lent) {
  if (!s)
    return;
  if (const auto *lambda = llvm::dyn_cast<LambdaExpr>(s))
    for (const LambdaCapture &capture : lambda->captures())
      if (capture.capturesVariable() && capture.getCaptureKind() == LCK_ByRef)
        if (const auto *v = llvm::dyn_cast<VarDecl>(capture.getCapturedVar());
            v && v->isLocalVarDeclOrParm() && !v->isStaticLocal() && !v->isInitCapture())
          lent.insert(v);
  for (const Stmt *child : s->children())
    findLent(child, lent);
}

} // namespace

bool FunctionLowering::run(const skeleton::Function &header,
                           const std::function<void(FunctionLowering &)> &body) {
  // A variable starts in a register; where its address turns out to be needed the function is
  // written once more with that variable in a cell. The set only grows, so this ends.
  do {
    out = header;
    reset();
    out.registers = header.registers;
    if (readsError && leavesError)
      errorNumber = newRegister("errno");
    variables.clear();
    owners.clear();
    captures.clear();
    labels.clear();
    gotos.clear();
    breaks.clear();
    continues.clear();
    extended.clear();
    coroutine.reset();
    again = false;
    here = header.at;
    body(*this);
    popCleanups(0);
    finish(Opcode::Return);
    finishGotos();
    finishCoroutine();
    std::vector<Instruction> clear;
    auto begin = [&](Register r, Operand v) {
      Instruction &i = clear.emplace_back();
      i.op = Opcode::Copy;
      i.results.push_back(r);
      i.args.push_back(v);
      i.at = header.at;
    };
    for (Register flag : flags)
      begin(flag, Operand::integer(0));
    if (errorNumber)
      begin(*errorNumber, Operand::free());
    out.blocks[0].code.insert(out.blocks[0].code.begin(), clear.begin(), clear.end());
    for (skeleton::Block &b : out.blocks)
      if (b.code.empty()) {
        b.code.emplace_back().op = Opcode::Unreachable;
        b.code.back().at = header.at;
      }
  } while (again && understood);
  return understood;
}

void FunctionLowering::exitTask() {
  const auto *type = function ? function->getType()->getAs<FunctionProtoType>() : nullptr;
  bool begins = type && type->getNumParams() == 1 && type->getParamType(0)->isVoidPointerType();
  finish(begins || (function && function->isMain()) ? Opcode::Return : Opcode::Stop);
}

void FunctionLowering::lowerFunction(const FunctionDecl *f) {
  function = f;
  Register next = 0;
  const auto *method = llvm::dyn_cast<CXXMethodDecl>(f);
  if (method && method->isImplicitObjectMemberFunction())
    thisObject = Operand::reg(next++);
  findLent(f->getBody(), lent);
  for (const ParmVarDecl *p : f->parameters())
    bindParameter(p, next++);
  for (const ParmVarDecl *p : f->parameters())
    if (!p->getType()->isReferenceType())
      endLocal(p);
  if (method && method->isImplicitObjectMemberFunction())
    enterObject(method, thisObject);
  if (const auto *body = llvm::dyn_cast_or_null<CoroutineBodyStmt>(f->getBody()))
    return lowerCoroutine(body);
  if (method && method->isDefaulted() && method->getNumParams() == 1 &&
      (method->isCopyAssignmentOperator() || method->isMoveAssignmentOperator())) {
    fieldwise(method->getParent(), thisObject, Operand::reg(1), method->isMoveAssignmentOperator(),
              /*assignment=*/true);
    add(Opcode::Return, {thisObject});
    return startBlock(newBlock());
  }
  if (const auto *c = llvm::dyn_cast<CXXConstructorDecl>(f))
    return constructorBody(c);
  if (f->getBody())
    statement(f->getBody());
}

/// `object` is what a method is called on; in a lambda the closure, whose captures have names.
void FunctionLowering::enterObject(const CXXMethodDecl *method, Operand object) {
  thisObject = object;
  if (!method->getParent()->isLambda())
    return;
  closure = object;
  FieldDecl *thisField = nullptr;
  llvm::DenseMap<const ValueDecl *, FieldDecl *> fields;
  method->getParent()->getCaptureFields(fields, thisField);
  captures = fields;
  if (thisField)
    thisObject = loadField(closure, "this");
}

void FunctionLowering::lowerDestructor(const CXXRecordDecl *c) {
  thisObject = Operand::reg(0);
  const FunctionDecl *definition = c->getDestructor();
  if (definition && definition->isDefined(definition))
    function = definition;
  // Pushed in the order of construction, so that they run in the reverse order after the body.
  for (const CXXBaseSpecifier &b : c->bases()) {
    QualType type = b.getType();
    const CXXRecordDecl *base = type->getAsCXXRecordDecl();
    if (!unit.types.hasEnd(type))
      continue;
    if (unit.isCutOff(base))
      pushCleanup([=, this] { destroy(type, loadField(thisObject, baseField(type))); });
    else
      pushCleanup([=, this] { call(unit.destructor(base), {thisObject}); });
  }
  for (const FieldDecl *f : c->fields())
    if (unit.types.hasEnd(f->getType()))
      pushCleanup([=, this] { destroy(f->getType(), fieldOf(thisObject, f)); });
  if (function && function->getBody() && !function->isDefaulted())
    statement(function->getBody());
}

void FunctionLowering::lowerGlobals(llvm::ArrayRef<const VarDecl *> globals,
                                    const std::map<std::string, Operand> &hidden) {
  for (const auto &[name, initial] : hidden)
    storeField(Operand::globals(), name, initial);
  for (const VarDecl *v : globals) {
    At place(*this, unit.span(v->getLocation()));
    About subject(*this, subjectOf(v));
    FieldId field = unit.field(unit.globalName(v));
    if (unit.types.holding(v->getType()) == Holding::Opaque) {
      if (v->getInit())
        effects(v->getInit());
      continue;
    }
    Operand value = initialValue(v);
    store(Place::of(Operand::globals(), field), value);
  }
}

void FunctionLowering::unsupported(llvm::StringRef why) {
  gap(why);
  understood = false;
}

void FunctionLowering::gap(llvm::StringRef why) { unit.gap(why, here); }
