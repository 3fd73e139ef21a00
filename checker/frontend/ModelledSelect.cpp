// Lowers a modelled select: its cases as arms, then what the chosen case does.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/ModelledCall.h"

namespace sluice::checker::frontend {

using models::Effect;

/// One argument of a select.
struct ModelledCall::Case {
  bool isOtherwise = false;
  skeleton::SelectArm arm;
  std::optional<Place> target;    ///< the optional that a receive fills
  std::optional<Operand> handler; ///< called when the case ran
  clang::QualType handlerType;
};

void ModelledCall::select(const Step &step) {
  llvm::SmallVector<Case, 4> cases;
  for (const clang::Expr *e : rest(step, 0)) {
    std::optional<Case> c = caseOf(e);
    if (!c) {
      f.gap("a select case that is not built in place");
      f.escape({f.value(e)}, "a select case that is not built in place");
      result = Operand::free();
      return;
    }
    cases.push_back(std::move(*c));
  }
  emitSelect(cases);
}

std::optional<ModelledCall::Case> ModelledCall::caseOf(const clang::Expr *e) {
  std::optional<ModelledSite> inner = f.siteOf(e);
  if (!inner || inner->model->steps.empty())
    return std::nullopt;
  FunctionLowering::At here(f, inner->expr ? f.unit.callSpan(inner->expr) : f.at());
  ModelledCall call(f, *inner);
  const Step &step = inner->model->steps.front();
  Case c;
  c.arm.at = f.at();
  switch (step.effect) {
  case Effect::ArmReceive:
    receivingCase(c, call, step);
    return c;
  case Effect::ArmSend:
    sendingCase(c, call, step);
    return c;
  case Effect::ArmOtherwise:
    c.isOtherwise = true;
    if (!step.operands.empty()) {
      c.handler = call.owned(step.operands[0]);
      c.handlerType = call.typeOf(step.operands[0]);
    }
    return c;
  case Effect::ArmWhen: {
    Operand enabled = f.fixed(call.value(step.operands[0]));
    std::optional<Case> guarded = caseOf(call.expr(step.operands[1]));
    if (guarded)
      guarded->arm.channel = choose(enabled, guarded->arm.channel, Operand::null());
    return guarded;
  }
  default:
    return std::nullopt;
  }
}

void ModelledCall::receivingCase(Case &c, ModelledCall &call, const Step &step) {
  c.arm.kind = skeleton::SelectArm::Kind::Receive;
  c.arm.channel = call.value(step.operands[0]);
  if (step.operands.size() < 2)
    return;
  const ModelOperand &sink = step.operands[1];
  c.arm.result = f.newRegister();
  if (f.unit.types.isCallable(call.typeOf(sink))) {
    c.handler = call.owned(sink);
    c.handlerType = call.typeOf(sink);
  } else {
    c.target = call.place(sink);
  }
}

void ModelledCall::sendingCase(Case &c, ModelledCall &call, const Step &step) {
  c.arm.kind = skeleton::SelectArm::Kind::Send;
  c.arm.channel = call.value(step.operands[0]);
  const clang::Expr *sent = call.expr(step.operands[1]);
  std::optional<ModelledSite> inner = sent ? f.siteOf(sent) : std::nullopt;
  bool isLazy =
      inner && !inner->model->steps.empty() && inner->model->steps.front().effect == Effect::Lazy;
  // A lazy value exists only once its case runs; here it is enough that one will be there.
  c.arm.value = isLazy ? Operand::unit() : call.payload(step.operands[1]);
  if (step.operands.size() > 2) {
    c.handler = call.owned(step.operands[2]);
    c.handlerType = call.typeOf(step.operands[2]);
  }
}

/// A case that is put together first is an object, of which a container may hold many.
void ModelledCall::makeCase(const Step &step) {
  std::optional<Case> c = caseOf(expr(step.operands[0]));
  if (!c) {
    f.gap("a select case that is not built in place");
    f.escape({f.value(expr(step.operands[0]))}, "a select case that is not built in place");
    result = Operand::opaque();
    return;
  }
  bool receives = c->arm.kind == skeleton::SelectArm::Kind::Receive && !c->isOtherwise;
  bool sends = !receives && !c->isOtherwise;
  Operand made = f.newObject(f.unit.plainClass("select case"));
  f.storeField(made, "receive", receives ? c->arm.channel : Operand::null());
  f.storeField(made, "send", sends ? c->arm.channel : Operand::null());
  f.storeField(made, "value", sends ? c->arm.value : Operand::null());
  f.storeField(made, "target", c->target ? f.addressOf(*c->target) : Operand::null());
  f.storeField(made, "handler", c->handler.value_or(Operand::null()));
  f.storeField(made, "otherwise", Operand::integer(c->isOtherwise));
  result = made;
}

/// How many cases there are is known where it runs: there is a select for each number.
void ModelledCall::selectSpan(const Step &step) {
  constexpr int64_t most = 8; // containers are exact up to here
  Operand cases = f.fixed(operand(step, 0));
  Operand size = f.fixed(f.emit(Opcode::Size, {cases}));
  Register chosen = f.newRegister();
  BlockId after = f.newBlock();
  for (int64_t count = 0; count <= most; ++count) {
    BlockId here = f.newBlock(), next = f.newBlock();
    f.branch(f.emit(Opcode::Equal, {size, Operand::integer(count)}), here, next);
    f.startBlock(here);
    f.assign(chosen, selectAmong(cases, count));
    f.jump(after);
    f.startBlock(next);
  }
  f.escape({cases}, "a select among more than eight cases");
  f.assign(chosen, Operand::free());
  f.jump(after);
  f.startBlock(after);
  result = Operand::reg(chosen);
}

/// Each case is an arm that receives and one that sends, of which one has no channel.
Operand ModelledCall::selectAmong(Operand cases, int64_t count) {
  std::vector<skeleton::SelectArm> arms;
  Values held, got;
  Operand otherwise = Operand::integer(count);
  for (int64_t i = 0; i != count; ++i) {
    held.push_back(f.emit(Opcode::ElementAt, {cases, Operand::integer(i)}));
    got.push_back(Operand::reg(f.newRegister()));
    using Kind = skeleton::SelectArm::Kind;
    arms.push_back({Kind::Receive, f.loadField(held[i], "receive"), {}, got[i].index, {}, f.at()});
    Operand to = f.loadField(held[i], "send"), sent = f.loadField(held[i], "value");
    arms.push_back({Kind::Send, to, sent, {}, {}, f.at()});
    otherwise = choose(f.loadField(held[i], "otherwise"), Operand::integer(i), otherwise);
  }
  Register ran = f.newRegister(), chosen = f.newRegister();
  auto select = [&](uint16_t flags) {
    Instruction &i = f.add(Opcode::Select);
    i.arms = arms;
    i.flags = flags;
    f.assign(ran, f.addResult());
  };
  f.ifElse(
      f.emit(Opcode::Less, {otherwise, Operand::integer(count)}),
      [&] { select(skeleton::Otherwise); }, [&] { select(0); });
  f.assign(chosen, otherwise);
  for (int64_t arm = 0; arm != 2 * count; ++arm)
    f.ifElse(f.emit(Opcode::Equal, {Operand::reg(ran), Operand::integer(arm)}), [&] {
      f.assign(chosen, Operand::integer(arm / 2));
      runHeld(held[arm / 2], arm % 2 ? std::nullopt : std::optional(got[arm / 2]));
    });
  f.ifElse(f.emit(Opcode::Equal, {Operand::reg(ran), Operand::integer(2 * count)}),
           [&] { runHeld(f.emit(Opcode::ElementAt, {cases, otherwise}), std::nullopt); });
  return Operand::reg(chosen);
}

/// What a case does once it ran.
void ModelledCall::runHeld(Operand held, std::optional<Operand> got) {
  Operand handler = f.loadField(held, "handler");
  if (got) {
    Operand target = f.loadField(held, "target");
    f.ifElse(f.emit(Opcode::NotEqual, {target, Operand::null()}),
             [&] { f.store(Place::at(target), *got); });
  }
  Values call{handler};
  if (got)
    call.push_back(*got);
  f.ifElse(f.emit(Opcode::NotEqual, {handler, Operand::null()}),
           [&] { f.callSlot("()", call, /*isVirtual=*/false); });
}

void ModelledCall::runCase(const Case &c, Operand got) {
  if (c.target)
    f.store(*c.target, got);
  if (!c.handler)
    return;
  Values args;
  if (c.arm.result)
    args.push_back(got);
  f.invoke(*c.handler, c.handlerType, args);
}

/// The skeleton numbers `otherwise` after all arms, the source as written; the result is as
/// written.
void ModelledCall::emitSelect(llvm::MutableArrayRef<Case> cases) {
  std::vector<skeleton::SelectArm> arms;
  bool hasOtherwise = false, inOrder = true, quiet = true;
  for (Case &c : cases) {
    inOrder &= !hasOtherwise;
    hasOtherwise |= c.isOtherwise;
    quiet &= !c.target && !c.handler;
    if (!c.isOtherwise)
      arms.push_back(c.arm);
  }
  Operand armCount = Operand::integer(arms.size());
  Instruction &i = f.add(Opcode::Select);
  i.arms = std::move(arms);
  i.flags = hasOtherwise ? skeleton::Otherwise : 0;
  Operand chosen = f.addResult();
  result = chosen;
  if (quiet && inOrder)
    return;
  Register index = f.newRegister();
  BlockId after = f.newBlock();
  int64_t armIndex = 0;
  for (size_t written = 0; written < cases.size(); ++written) {
    Operand number = cases[written].isOtherwise ? armCount : Operand::integer(armIndex++);
    BlockId ran = f.newBlock(), next = f.newBlock();
    f.branch(f.emit(Opcode::Equal, {chosen, number}), ran, next);
    f.startBlock(ran);
    const std::optional<Register> &got = cases[written].arm.result;
    runCase(cases[written], got ? Operand::reg(*got) : Operand::unit());
    f.assign(index, Operand::integer(written));
    f.jump(after);
    f.startBlock(next);
  }
  f.finish(Opcode::Unreachable);
  f.startBlock(after);
  result = Operand::reg(index);
}

} // namespace sluice::checker::frontend
