// Writes the blocks, registers and cleanups of one skeleton function.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/Emitter.h"

#include "llvm/ADT/ScopeExit.h"

using namespace sluice::checker::frontend;
using namespace sluice::checker::skeleton;

void Emitter::reset() {
  out.registers.clear();
  out.blocks.clear();
  cleanups.clear();
  flags.clear();
  conditional = 0;
  running = false;
  current = newBlock();
}

namespace {

bool mayThrow(Opcode op) {
  switch (op) {
  case Opcode::Call:
  case Opcode::CallSlot:
  case Opcode::Send:
  case Opcode::Close:
  case Opcode::Select:
  case Opcode::Throw:
    return true;
  default:
    return false;
  }
}

} // namespace

Instruction &Emitter::add(Opcode op, llvm::ArrayRef<Operand> args) {
  std::optional<BlockId> unwind;
  if (mayThrow(op) && !running)
    unwind = landing(cleanups.size());
  if (!out.blocks[current].code.empty() && out.blocks[current].code.back().op >= Opcode::Jump)
    current = newBlock(); // what follows the end of a block is not reached
  Instruction &i = out.blocks[current].code.emplace_back();
  i.op = op;
  i.args.append(args.begin(), args.end());
  i.at = here;
  i.unwind = unwind;
  return i;
}

Operand Emitter::emit(Opcode op, llvm::ArrayRef<Operand> args, llvm::StringRef name) {
  Register r = newRegister(name);
  add(op, args).results.push_back(r);
  return Operand::reg(r);
}

Operand Emitter::addResult(llvm::StringRef name) {
  Register r = newRegister(name);
  out.blocks[current].code.back().results.push_back(r);
  return Operand::reg(r);
}

Operand Emitter::make(PrimitiveKind kind, llvm::ArrayRef<Operand> args, uint16_t flags) {
  Operand result = emit(Opcode::Make, args);
  Instruction &i = out.blocks[current].code.back();
  i.primitive = kind;
  i.flags = flags;
  i.name = about.name;
  i.type = about.type;
  if (about.at.valid())
    i.at = about.at;
  return result;
}

Operand Emitter::newObject(ClassId c, llvm::StringRef name) {
  Operand result = emit(Opcode::New, {}, name);
  out.blocks[current].code.back().callee = c;
  return result;
}

Operand Emitter::loadField(Operand object, llvm::StringRef field) {
  return load(Place::of(object, unit.field(field)));
}

void Emitter::storeField(Operand object, llvm::StringRef field, Operand value) {
  store(Place::of(object, unit.field(field)), value);
}

Register Emitter::newRegister(llvm::StringRef name) {
  out.registers.push_back(name.str());
  return out.registers.size() - 1;
}

void Emitter::assign(Register to, Operand from) {
  if (from == Operand::reg(to))
    return;
  add(Opcode::Copy, {from}).results.push_back(to);
}

Operand Emitter::fixed(Operand v, llvm::StringRef name) {
  if (v.kind != Operand::Kind::Register && v.kind != Operand::Kind::Free)
    return v;
  Register r = newRegister(name);
  assign(r, v);
  return Operand::reg(r);
}

Operand Emitter::call(FunctionId callee, llvm::ArrayRef<Operand> args) {
  Operand result = emit(Opcode::Call, args);
  out.blocks[current].code.back().callee = callee;
  return result;
}

Operand Emitter::callSlot(llvm::StringRef slot, llvm::ArrayRef<Operand> args, bool isVirtual) {
  FieldId f = unit.field(slot);
  Operand result = emit(Opcode::CallSlot, args);
  Instruction &i = out.blocks[current].code.back();
  i.callee = f;
  i.flags = isVirtual ? Virtual : 0;
  return result;
}

BlockId Emitter::newBlock() {
  out.blocks.emplace_back();
  return out.blocks.size() - 1;
}

void Emitter::jump(BlockId to) {
  add(Opcode::Jump).targets.push_back(to);
  startBlock(newBlock());
}

void Emitter::branch(Operand condition, BlockId yes, BlockId no) {
  if (condition.kind == Operand::Kind::Integer)
    return jump(condition.value ? yes : no);
  if (condition.kind == Operand::Kind::Null)
    return jump(no);
  add(Opcode::Branch, {condition}).targets.assign({yes, no});
  startBlock(newBlock());
}

void Emitter::finish(Opcode op) {
  add(op);
  startBlock(newBlock());
}

void Emitter::raise() {
  add(Opcode::Throw, {Operand::opaque()});
  startBlock(newBlock());
}

Operand Emitter::load(const Place &p) {
  switch (p.kind) {
  case Place::Kind::Untracked:
    return Operand::opaque();
  case Place::Kind::Constant:
    return p.base;
  case Place::Kind::Variable:
    return Operand::reg(p.variable);
  case Place::Kind::Pointer:
    return emit(Opcode::LoadPlace, {p.base});
  case Place::Kind::Element:
    return emit(Opcode::ElementAt, {p.base, p.index});
  case Place::Kind::Field:
    break;
  }
  if (p.base.kind == Operand::Kind::Opaque)
    return Operand::opaque();
  Operand result = emit(Opcode::Load, {p.base});
  out.blocks[current].code.back().callee = p.field;
  return result;
}

void Emitter::store(const Place &p, Operand v) {
  switch (p.kind) {
  case Place::Kind::Untracked:
  case Place::Kind::Constant:
    return;
  case Place::Kind::Variable:
    return assign(p.variable, v);
  case Place::Kind::Pointer:
    add(Opcode::StorePlace, {p.base, v});
    return;
  case Place::Kind::Element:
    add(Opcode::SetElementAt, {p.base, p.index, v});
    return;
  case Place::Kind::Field:
    if (p.base.kind != Operand::Kind::Opaque)
      add(Opcode::Store, {p.base, v}).callee = p.field;
  }
}

void Emitter::forEachIndex(Operand sequence, llvm::function_ref<void(Operand)> body) {
  Register index = newRegister();
  assign(index, Operand::integer(0));
  loop(
      [&](BlockId yes, BlockId no) {
        Operand size = emit(Opcode::Size, {sequence});
        branch(emit(Opcode::Less, {Operand::reg(index), size}), yes, no);
      },
      [&] {
        body(Operand::reg(index));
        Operand next = emit(Opcode::Add, {Operand::reg(index), Operand::integer(1)});
        assign(index, next);
      });
}

void Emitter::loop(llvm::function_ref<void(BlockId, BlockId)> condition,
                   llvm::function_ref<void()> body) {
  BlockId head = newBlock(), inside = newBlock(), after = newBlock();
  jump(head);
  startBlock(head);
  condition(inside, after);
  startBlock(inside);
  body();
  jump(head);
  startBlock(after);
}

void Emitter::ifElse(Operand condition, llvm::function_ref<void()> yes,
                     llvm::function_ref<void()> no) {
  BlockId then = newBlock(), otherwise = newBlock(), after = newBlock();
  branch(condition, then, otherwise);
  startBlock(then);
  yes();
  jump(after);
  startBlock(otherwise);
  no();
  jump(after);
  startBlock(after);
}

void Emitter::pushCleanup(std::function<void()> run, const clang::VarDecl *owner) {
  auto c = std::make_shared<Cleanup>();
  c->run = std::move(run);
  c->owner = owner;
  c->at = here;
  if (conditional) {
    c->active = newRegister();
    flags.push_back(*c->active);
    assign(*c->active, Operand::integer(1));
  }
  cleanups.push_back(std::move(c));
}

void Emitter::pushTry(BlockId handler) {
  auto c = std::make_shared<Cleanup>();
  c->handler = handler;
  cleanups.push_back(std::move(c));
}

void Emitter::emitCleanup(Cleanup &c) {
  if (!c.run)
    return;
  // What a destructor throws ends the process, so nothing inside has a way to unwind; and what it
  // pushes is always popped by itself.
  auto restore =
      llvm::make_scope_exit([this, r = running, k = conditional] { running = r, conditional = k; });
  running = true;
  conditional = 0;
  At place(*this, c.at);
  About nothing(*this, {});
  if (!c.active)
    return c.run();
  ifElse(Operand::reg(*c.active), [&] {
    assign(*c.active, Operand::integer(0));
    c.run();
  });
}

std::optional<BlockId> Emitter::landing(size_t height) {
  if (height == 0)
    return std::nullopt;
  Cleanup &c = *cleanups[height - 1];
  if (c.handler)
    return c.handler;
  if (!c.run)
    return landing(height - 1);
  if (c.landing)
    return c.landing;
  auto restore = llvm::make_scope_exit([this, b = current, h = here] { current = b, here = h; });
  c.landing = newBlock();
  startBlock(*c.landing);
  emitCleanup(c);
  if (auto next = landing(height - 1)) {
    jump(*next);
  } else {
    auto outermost = llvm::make_scope_exit([this, r = running] { running = r; });
    running = true;
    raise();
  }
  return c.landing;
}

void Emitter::runCleanups(size_t to, const clang::VarDecl *except) {
  for (size_t i = cleanups.size(); i > to; --i) {
    Cleanup &c = *cleanups[i - 1];
    if (!except || c.owner != except)
      emitCleanup(c);
  }
}

void Emitter::popCleanups(size_t to) {
  while (cleanups.size() > to) {
    auto c = cleanups.back();
    cleanups.pop_back();
    emitCleanup(*c);
  }
}
