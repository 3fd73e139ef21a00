// Lowers memory that a function of C allocates: what the cast around the call makes of it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/Lowering.h"

using namespace sluice::checker;
using namespace sluice::checker::frontend;
using namespace clang;

/// How many objects of a type fit what a call allocates, if its sizes are constants.
std::optional<uint64_t> FunctionLowering::allocatedCount(const ModelledSite &site, QualType of) {
  uint64_t bytes = 1;
  for (const models::ModelOperand &o : site.model->steps.front().operands) {
    Expr::EvalResult size;
    if (o.index >= site.args.size() || site.args[o.index]->isValueDependent() ||
        !site.args[o.index]->EvaluateAsInt(size, unit.context))
      return std::nullopt;
    bytes *= size.Val.getInt().getLimitedValue(UINT32_MAX);
  }
  return bytes / std::max<uint64_t>(1, unit.context.getTypeSizeInChars(of).getQuantity());
}

/// `(T *)malloc(n)`, with or without the cast written: one new T, or null. An array of them is not
/// followed.
std::optional<Operand> FunctionLowering::allocated(const CastExpr *e) {
  QualType to = e->getType()->isPointerType() ? e->getType()->getPointeeType() : QualType();
  const auto *call = llvm::dyn_cast<CallExpr>(e->getSubExpr()->IgnoreParenImpCasts());
  if (!call || to.isNull() || !to->isRecordType() || to->isIncompleteType() ||
      !unit.types.isReferred(to))
    return std::nullopt;
  auto site = siteOf(call);
  if (!site || site->model->steps.front().effect != models::Effect::Allocate ||
      allocatedCount(*site, to) != 1)
    return std::nullopt;
  At place(*this, unit.callSpan(call));
  Register made = newRegister();
  ifElse(
      emit(Opcode::Copy, {Operand::free()}, site->callee->getName()),
      [&] {
        bool zeroed = site->model->steps.front().flags & models::ZeroedStep;
        assign(made, defaultValue(to, zeroed));
      },
      [&] { assign(made, Operand::null()); });
  return Operand::reg(made);
}
