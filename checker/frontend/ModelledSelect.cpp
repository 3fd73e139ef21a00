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
