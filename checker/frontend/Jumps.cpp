// Lowers exceptions and gotos.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/Lowering.h"

using namespace sluice::checker;
using namespace sluice::checker::frontend;
using namespace clang;

void FunctionLowering::lowerTry(const CXXTryStmt *s) {
  BlockId dispatch = newBlock(), after = newBlock();
  size_t base = depth();
  pushTry(dispatch);
  scoped(s->getTryBlock());
  popCleanups(base);
  jump(after);
  startBlock(dispatch);
  // What was thrown is not part of the state: any handler may be the one, and a lone handler is.
  std::vector<BlockId> blocks;
  for (unsigned i = 0; i != s->getNumHandlers(); ++i)
    blocks.push_back(newBlock());
  for (unsigned i = 0; i + 1 < blocks.size(); ++i) {
    BlockId other = newBlock();
    branch(Operand::opaque(), blocks[i], other);
    startBlock(other);
  }
  jump(blocks.back());
  for (unsigned i = 0; i != s->getNumHandlers(); ++i) {
    startBlock(blocks[i]);
    const CXXCatchStmt *handler = s->getHandler(i);
    if (const VarDecl *v = handler->getExceptionDecl())
      bindValue(v, Operand::opaque());
    scoped(handler->getHandlerBlock());
    jump(after);
  }
  startBlock(after);
}

void FunctionLowering::lowerThrow(const CXXThrowExpr *e) {
  At place(*this, unit.span(e->getSourceRange()));
  if (e->getSubExpr())
    effects(e->getSubExpr());
  raise();
}

void FunctionLowering::lowerGoto(const GotoStmt *s) {
  gotos.push_back({s->getLabel(), current, cleanups, here});
  startBlock(newBlock());
}

void FunctionLowering::lowerLabel(const LabelStmt *s) {
  BlockId block = newBlock();
  labels[s->getDecl()] = {block, cleanups};
  jump(block);
  startBlock(block);
  statement(s->getSubStmt());
}

void FunctionLowering::finishGotos() {
  for (Jump &g : gotos) {
    At place(*this, g.at);
    auto label = labels.find(g.label);
    if (label == labels.end())
      return unsupported("a computed goto");
    const Stack &target = label->second.stack;
    if (target.size() > g.stack.size() ||
        !std::equal(target.begin(), target.end(), g.stack.begin()))
      return unsupported("a goto into a scope");
    cleanups = g.stack;
    startBlock(g.from);
    runCleanups(target.size());
    jump(label->second.block);
  }
  cleanups.clear();
}
