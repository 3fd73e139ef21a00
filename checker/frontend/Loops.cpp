// Lowers loops and switches.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/Lowering.h"

using namespace sluice::checker;
using namespace sluice::checker::frontend;
using namespace clang;

void FunctionLowering::userBody(const Stmt *body, BlockId onBreak, BlockId onContinue) {
  breaks.push_back({onBreak, depth()});
  continues.push_back({onContinue, depth()});
  scoped(body);
  breaks.pop_back();
  continues.pop_back();
}

void FunctionLowering::lowerWhile(const WhileStmt *s) {
  BlockId head = newBlock(), inside = newBlock(), next = newBlock(), leave = newBlock(),
          left = newBlock(), after = newBlock();
  jump(head);
  startBlock(head);
  size_t base = depth();
  if (s->getConditionVariable())
    declare(s->getConditionVariable());
  condition(s->getCond(), inside, leave);
  startBlock(inside);
  userBody(s->getBody(), left, next);
  jump(next);
  // The condition's variable ends on three ways: round again, condition false, break.
  for (BlockId b : {leave, left}) {
    startBlock(b);
    runCleanups(base);
    jump(after);
  }
  startBlock(next);
  popCleanups(base);
  jump(head);
  startBlock(after);
}

void FunctionLowering::lowerDo(const DoStmt *s) {
  BlockId inside = newBlock(), next = newBlock(), after = newBlock();
  jump(inside);
  startBlock(inside);
  userBody(s->getBody(), after, next);
  jump(next);
  startBlock(next);
  condition(s->getCond(), inside, after);
  startBlock(after);
}

void FunctionLowering::lowerFor(const ForStmt *s) {
  size_t outer = depth();
  if (s->getInit())
    statement(s->getInit());
  BlockId head = newBlock(), inside = newBlock(), next = newBlock(), leave = newBlock(),
          left = newBlock(), after = newBlock();
  jump(head);
  startBlock(head);
  size_t base = depth();
  if (s->getConditionVariable())
    declare(s->getConditionVariable());
  if (s->getCond())
    condition(s->getCond(), inside, leave);
  else
    jump(inside);
  startBlock(inside);
  userBody(s->getBody(), left, next);
  jump(next);
  for (BlockId b : {leave, left}) {
    startBlock(b);
    runCleanups(base);
    jump(after);
  }
  startBlock(next);
  if (s->getInc())
    effects(s->getInc());
  popCleanups(base);
  jump(head);
  startBlock(after);
  popCleanups(outer);
}

namespace {

/// Of a class that is recognised as a queue, nothing says what its iterators do.
bool rangeReceives(const models::TypeModel &m) {
  return m.role == models::Role::Channel || m.role == models::Role::ReceiveHandle ||
         (m.role == models::Role::Queue && m.element);
}

} // namespace

void FunctionLowering::lowerRangeFor(const CXXForRangeStmt *s) {
  size_t base = depth();
  if (s->getInit())
    statement(s->getInit());
  statement(s->getRangeStmt());
  const auto *range = llvm::cast<VarDecl>(s->getRangeStmt()->getSingleDecl());
  Lowered over = named(range, nullptr);
  QualType type = range->getType();
  const models::TypeModel *m = unit.types.model(type);
  auto rangeValue = [&] { return over.place ? load(*over.place) : over.value; };
  if (m && rangeReceives(*m))
    channelLoop(s, rangeValue());
  else if (unit.types.holding(type) == Holding::Sequence ||
           (m && m->role == models::Role::SequenceView))
    sequenceLoop(s, rangeValue(), type);
  else if (m && m->role == models::Role::Map)
    mapLoop(s, rangeValue(), type);
  else if (m || unit.types.holding(type) != Holding::Object)
    unknownLoop(s);
  else
    iteratorLoop(s);
  popCleanups(base);
}

void FunctionLowering::channelLoop(const CXXForRangeStmt *s, Operand channel) {
  BlockId head = newBlock(), inside = newBlock(), after = newBlock();
  channel = fixed(channel);
  jump(head);
  startBlock(head);
  {
    At place(*this, unit.span(s->getRangeInit()->getSourceRange()));
    Operand value = emit(Opcode::Receive, {channel});
    out.blocks[current].code.back().name = nameOf(s->getRangeInit());
    Operand ok = addResult();
    branch(ok, inside, after);
    startBlock(inside);
    bindValue(s->getLoopVariable(), value);
  }
  size_t base = depth();
  QualType type = s->getLoopVariable()->getType();
  if (unit.types.hasEnd(type))
    pushCleanup([=, this] { destroy(type, variables[s->getLoopVariable()]); });
  BlockId left = newBlock(), next = newBlock();
  userBody(s->getBody(), left, next);
  jump(next);
  startBlock(left);
  runCleanups(base);
  jump(after);
  startBlock(next);
  popCleanups(base);
  jump(head);
  startBlock(after);
}

namespace {

QualType elementOf(Types &types, QualType type) {
  type = type.getNonReferenceType();
  if (const auto *array = type->getAsArrayTypeUnsafe())
    return array->getElementType();
  QualType element = types.element(type);
  return element.isNull() ? element : element.getNonReferenceType();
}

} // namespace

void FunctionLowering::sequenceLoop(const CXXForRangeStmt *s, Operand sequence, QualType type) {
  Register index = newRegister();
  assign(index, Operand::integer(0));
  sequence = fixed(sequence);
  BlockId head = newBlock(), inside = newBlock(), next = newBlock(), after = newBlock();
  jump(head);
  startBlock(head);
  Operand size = emit(Opcode::Size, {sequence});
  branch(emit(Opcode::Less, {Operand::reg(index), size}), inside, after);
  startBlock(inside);
  const VarDecl *v = s->getLoopVariable();
  QualType element = elementOf(unit.types, type);
  bool inPlace =
      v->getType()->isReferenceType() && unit.types.holding(v->getType()) == Holding::Value;
  if (inPlace) {
    variables[v] = Place::element(sequence, Operand::reg(index));
  } else {
    Operand item = emit(Opcode::ElementAt, {sequence, Operand::reg(index)});
    bool copies = !v->getType()->isReferenceType() && !element.isNull();
    bindValue(v, copies ? copyOf(element, item) : item);
    if (const auto *d = llvm::dyn_cast<DecompositionDecl>(v))
      declareBindings(d);
  }
  userBody(s->getBody(), after, next);
  jump(next);
  startBlock(next);
  assign(index, emit(Opcode::Add, {Operand::reg(index), Operand::integer(1)}));
  jump(head);
  startBlock(after);
}

void FunctionLowering::mapLoop(const CXXForRangeStmt *s, Operand map, QualType type) {
  Register index = newRegister();
  assign(index, Operand::integer(0));
  map = fixed(map);
  BlockId head = newBlock(), inside = newBlock(), next = newBlock(), after = newBlock();
  jump(head);
  startBlock(head);
  branch(emit(Opcode::Less, {Operand::reg(index), emit(Opcode::Size, {map})}), inside, after);
  startBlock(inside);
  Operand key = emit(Opcode::MapKeyAt, {map, Operand::reg(index)});
  Operand held = emit(Opcode::ElementAt, {map, Operand::reg(index)});
  bindEntry(s->getLoopVariable(), key, held, elementOf(unit.types, type));
  userBody(s->getBody(), after, next);
  jump(next);
  startBlock(next);
  assign(index, emit(Opcode::Add, {Operand::reg(index), Operand::integer(1)}));
  jump(head);
  startBlock(after);
}

/// A map's entry as a pair of its own. What is bound to a plain value by reference is the map's.
void FunctionLowering::bindEntry(const VarDecl *v, Operand key, Operand held, QualType mapped) {
  bool referred = mapped.isNull() || unit.types.isReferred(mapped);
  bool copies = !v->getType()->isReferenceType();
  held = fixed(held);
  Operand second = referred ? held : load(Place::at(held));
  if (copies && !mapped.isNull())
    second = copyOf(mapped, second);
  Operand entry = newObject(unit.plainClass("tuple"));
  storeField(entry, "first", key);
  storeField(entry, "second", second);
  const auto *d = llvm::dyn_cast<DecompositionDecl>(v);
  if (!d)
    return bindValue(v, entry);
  for (const BindingDecl *b : d->bindings()) {
    bool isKey = b == d->bindings().front();
    Lowered &bound = variables[b];
    if (unit.types.holding(b->getType()) == Holding::Opaque)
      bound = Operand::opaque();
    else if (unit.types.isReferred(b->getType()))
      bound = isKey ? key : second;
    else if (isKey || copies)
      bound = Place::of(entry, unit.field(isKey ? "first" : "second"));
    else
      bound = Place::at(held);
  }
}

void FunctionLowering::iteratorLoop(const CXXForRangeStmt *s) {
  statement(s->getBeginStmt());
  statement(s->getEndStmt());
  BlockId head = newBlock(), inside = newBlock(), next = newBlock(), leave = newBlock(),
          after = newBlock();
  jump(head);
  startBlock(head);
  condition(s->getCond(), inside, after);
  startBlock(inside);
  size_t base = depth();
  statement(s->getLoopVarStmt());
  userBody(s->getBody(), leave, next);
  jump(next);
  startBlock(leave);
  runCleanups(base);
  jump(after);
  startBlock(next);
  popCleanups(base);
  effects(s->getInc());
  jump(head);
  startBlock(after);
}

void FunctionLowering::unknownLoop(const CXXForRangeStmt *s) {
  const VarDecl *v = s->getLoopVariable();
  if (unit.types.mayReach(v->getType()))
    gap("a loop over a container that no model describes");
  BlockId head = newBlock(), inside = newBlock(), after = newBlock();
  jump(head);
  startBlock(head);
  branch(Operand::opaque(), inside, after);
  startBlock(inside);
  bindValue(v, Operand::opaque());
  if (const auto *d = llvm::dyn_cast<DecompositionDecl>(v))
    for (const BindingDecl *b : d->bindings())
      variables[b] = Operand::opaque();
  userBody(s->getBody(), after, head);
  jump(head);
  startBlock(after);
}

void FunctionLowering::lowerSwitch(const SwitchStmt *s) {
  size_t base = depth();
  if (s->getInit())
    statement(s->getInit());
  if (s->getConditionVariable())
    declare(s->getConditionVariable());
  Operand on = value(s->getCond());
  BlockId after = newBlock();
  std::vector<skeleton::SwitchCase> cases;
  BlockId otherwise = after;
  for (const SwitchCase *c = s->getSwitchCaseList(); c; c = c->getNextSwitchCase()) {
    BlockId block = caseBlocks[c] = newBlock();
    const auto *labelled = llvm::dyn_cast<CaseStmt>(c);
    if (!labelled)
      otherwise = block;
    else if (labelled->getRHS())
      gap("a range of case labels");
    else if (auto k = constant(labelled->getLHS()))
      cases.push_back({k->value, block});
  }
  llvm::sort(cases, [](auto &a, auto &b) { return a.value < b.value; });
  Instruction &i = add(Opcode::Switch, {on});
  i.cases = std::move(cases);
  if (!s->isAllEnumCasesCovered() || otherwise != after)
    i.targets.push_back(otherwise);
  startBlock(newBlock());
  breaks.push_back({after, depth()});
  scoped(s->getBody());
  breaks.pop_back();
  jump(after);
  startBlock(after);
  popCleanups(base);
}

void FunctionLowering::lowerCase(const SwitchCase *s) {
  BlockId block = caseBlocks[s];
  jump(block);
  startBlock(block);
  statement(s->getSubStmt());
}
