// Lowers modelled calls of C libraries whose handles are numbers: the ends of channels, bundles of
// tasks, and what closes either.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An end is an object with the fields `in` and `out`, the channels that it receives from and sends
// to, and `peer`, the other end or null once that is closed. A bundle is a group of tasks. What
// closes them is their slot `close`.
#include "frontend/ModelledCall.h"

#include "clang/AST/Decl.h"

namespace sluice::checker::frontend {

using models::Effect;
using skeleton::SelectArm;

bool ModelledCall::lowerHandle(const Step &step) {
  switch (step.effect) {
  case Effect::MakeEnds:
    makeEnds(step);
    return true;
  case Effect::Inlet:
    result = f.loadField(operand(step, 0), "in");
    return true;
  case Effect::Outlet:
    result = f.loadField(operand(step, 0), "out");
    return true;
  case Effect::SelectClauses:
    selectClauses(step);
    return true;
  case Effect::MakeBundle:
    result = newBundle(f.subject().name);
    return true;
  case Effect::BeginTask:
    beginTask(step);
    return true;
  case Effect::LastError: // as a pointer; see lowerUnary
    result = Operand::free();
    return true;
  case Effect::CloseHandle:
    result = f.callSlot("close", {operand(step, 0)}, /*isVirtual=*/true);
    return true;
  default:
    return false;
  }
}

// The ends of channels

namespace {

/// The other end goes on waiting until it is closed too. From then on nothing goes through either.
void closeEnd(FunctionLowering &g) {
  Operand self = Operand::reg(0);
  Operand peer = g.loadField(self, "peer");
  auto closeQuietly = [&](Operand channel) {
    g.add(Opcode::Close, {channel}).flags = skeleton::Quiet;
  };
  g.ifElse(
      g.emit(Opcode::NotEqual, {peer, Operand::null()}),
      [&] { g.storeField(peer, "peer", Operand::null()); },
      [&] {
        closeQuietly(g.loadField(self, "in"));
        closeQuietly(g.loadField(self, "out"));
      });
  Operand closed = g.make(PrimitiveKind::Channel, {Operand::integer(0)}, skeleton::Style);
  closeQuietly(closed);
  g.storeField(self, "in", closed);
  g.storeField(self, "out", closed);
  g.add(Opcode::Return, {Operand::integer(0)});
}

} // namespace

void ModelledCall::makeEnds(const Step &step) {
  const clang::Expr *array = expr(step.operands[0]);
  Emitter::About about(f, {array ? f.nameOf(array) : "", "channel", f.at()});
  Operand ends = f.fixed(operand(step, 0));
  Operand there = f.make(PrimitiveKind::Channel, {Operand::integer(0)});
  Operand back = f.make(PrimitiveKind::Channel, {Operand::integer(0)});
  Operand first = closure("end", {{"in", back}, {"out", there}}, closeEnd, 0, "close");
  Operand second = closure("end", {{"in", there}, {"out", back}}, closeEnd, 0, "close");
  f.storeField(first, "peer", second);
  f.storeField(second, "peer", first);
  f.add(Opcode::SetElementAt, {ends, Operand::integer(0), first});
  f.add(Opcode::SetElementAt, {ends, Operand::integer(1), second});
}

/// What an argument points to, as far as its type says.
clang::QualType ModelledCall::pointedType(const ModelOperand &o) const {
  const clang::Expr *e = expr(o);
  if (!e)
    return {};
  e = e->IgnoreParenCasts();
  clang::QualType type = e->getType();
  bool null = e->isNullPointerConstant(f.unit.context, clang::Expr::NPC_ValueDependentIsNotNull);
  return null ? clang::QualType() : type->isPointerType() ? type->getPointeeType() : type;
}

/// A copy of what an argument points to.
Operand ModelledCall::pointedValue(const ModelOperand &o) {
  clang::QualType type = pointedType(o);
  Operand from = value(o);
  if (type.isNull())
    return Operand::unit();
  if (f.unit.types.holding(type) == Holding::Value)
    return f.load(Place::at(from));
  if (type->isStructureType())
    return f.copyOf(type, from);
  f.escape({from}, site.model->name);
  return Operand::unit();
}

/// Writes what was received, if anything was, to where an argument points.
void ModelledCall::intoPointed(const ModelOperand &o) {
  clang::QualType type = pointedType(o);
  Operand to = f.fixed(value(o)), got = result.value;
  if (type.isNull())
    return;
  f.ifElse(choose(*happened, *open, Operand::integer(0)), [&] {
    if (f.unit.types.holding(type) == Holding::Value)
      f.store(Place::at(to), got);
    else if (type->isStructureType())
      f.fieldwise(type->getAsRecordDecl(), to, got, /*isMove=*/false);
    else
      f.escape({to}, site.model->name);
  });
}

// Choices

/// A clause as two arms, one that receives and one that sends, of which one has no channel.
struct ModelledCall::Clause {
  skeleton::SelectArm receives, sends;
  Operand at; ///< what to send, or where to put what comes
};

/// A clause is a structure: what to do, the end to do it with, and where the value is.
ModelledCall::Clause ModelledCall::clauseOf(Operand clause, llvm::ArrayRef<std::string> fields,
                                            Operand sends) {
  Operand end = f.loadField(clause, fields[1]), at = f.loadField(clause, fields[2]);
  Register from = f.newRegister(), to = f.newRegister(), sent = f.newRegister();
  for (Register r : {from, to, sent})
    f.assign(r, Operand::null());
  f.ifElse(
      f.emit(Opcode::Equal, {f.loadField(clause, fields[0]), sends}),
      [&] {
        f.assign(to, f.loadField(end, "out"));
        f.ifElse(f.emit(Opcode::NotEqual, {at, Operand::null()}),
                 [&] { f.assign(sent, f.load(Place::at(at))); });
      },
      [&] { f.assign(from, f.loadField(end, "in")); });
  Clause c;
  c.at = at;
  c.receives = {SelectArm::Kind::Receive, Operand::reg(from), {},
                f.newRegister(),          f.newRegister(),    f.at()};
  c.sends = {
      SelectArm::Kind::Send, Operand::reg(to), Operand::reg(sent), {}, f.newRegister(), f.at()};
  return c;
}

/// The operands are the clauses, how many, what says that one sends, and the error number of a
/// channel that is closed.
void ModelledCall::selectClauses(const Step &step) {
  constexpr int64_t most = 8;
  clang::QualType type = pointedType(step.operands[0]);
  bool array = !type.isNull() && type->isArrayType();
  if (array)
    type = type->getAsArrayTypeUnsafe()->getElementType();
  llvm::SmallVector<std::string, 4> fields;
  if (const clang::RecordDecl *record = type.isNull() ? nullptr : type->getAsRecordDecl())
    for (const clang::FieldDecl *field : record->fields())
      fields.push_back(f.unit.fieldName(field));
  Operand list = f.fixed(operand(step, 0)), count = operand(step, 1);
  bool known = count.kind == Operand::Kind::Integer && count.value <= (array ? most : 1);
  if (!known || (count.value != 0 && fields.size() < 3))
    return unsupported();
  llvm::SmallVector<Clause, 4> clauses;
  std::vector<SelectArm> arms;
  for (int64_t i = 0; i != count.value; ++i) {
    Operand clause = array ? f.emit(Opcode::ElementAt, {list, Operand::integer(i)}) : list;
    clauses.push_back(clauseOf(clause, fields, operand(step, 2)));
    arms.push_back(clauses.back().receives);
    arms.push_back(clauses.back().sends);
  }
  Register ran = f.newRegister();
  limited(step, [&](uint32_t flags) {
    Instruction &i = f.add(Opcode::Select);
    i.arms = arms;
    if (flags & skeleton::Timed)
      i.arms.push_back({SelectArm::Kind::Timeout, {}, {}, {}, {}, f.at()});
    i.flags = (flags & skeleton::Cancellable) | skeleton::Quiet |
              (flags & skeleton::Try ? skeleton::Otherwise : 0);
    i.results = {ran};
  });
  afterClauses(clauses, Operand::reg(ran), operand(step, 3));
}

void ModelledCall::afterClauses(llvm::ArrayRef<Clause> clauses, Operand ran, Operand closed) {
  Register chosen = f.newRegister(), error = f.newRegister();
  f.assign(chosen, Operand::integer(-1));
  f.assign(error, Operand::free());
  auto took = [&](int64_t number, Register ok) {
    f.assign(chosen, Operand::integer(number));
    f.assign(error, choose(Operand::reg(ok), Operand::integer(0), closed));
  };
  for (size_t i = 0; i != clauses.size(); ++i) {
    const Clause &c = clauses[i];
    f.ifElse(f.emit(Opcode::Equal, {ran, Operand::integer(2 * i)}), [&] {
      took(i, *c.receives.ok);
      f.ifElse(choose(Operand::reg(*c.receives.ok),
                      f.emit(Opcode::NotEqual, {c.at, Operand::null()}), Operand::integer(0)),
               [&] { f.store(Place::at(c.at), Operand::reg(*c.receives.result)); });
    });
    f.ifElse(f.emit(Opcode::Equal, {ran, Operand::integer(2 * i + 1)}),
             [&] { took(i, *c.sends.ok); });
  }
  f.leaveError(Operand::reg(error));
  result = Operand::reg(chosen);
}

// Bundles

/// To close it ends what its tasks wait for, and waits for them.
Operand ModelledCall::newBundle(std::string name) {
  Emitter::About about(f, {std::move(name), "bundle", f.at()});
  Operand context = f.make(PrimitiveKind::Context, {Operand::null()});
  Operand canceller = f.make(PrimitiveKind::Canceller, {context}, skeleton::Style);
  Operand tasks = f.make(PrimitiveKind::Counter, {Operand::integer(0)});
  return closure(
      "bundle", {{"tasks", tasks}, {"ctx", context}, {"cancel", canceller}},
      [](FunctionLowering &g) {
        Operand self = Operand::reg(0);
        g.add(Opcode::Cancel, {g.loadField(self, "cancel")});
        g.add(Opcode::CounterWait, {g.loadField(self, "tasks")});
        g.add(Opcode::Return, {Operand::integer(0)});
      },
      0, "close");
}

/// A task that has been cancelled starts no other.
void ModelledCall::beginTask(const Step &step) {
  Operand given = operand(step, 0);
  bool isNew = given.kind == Operand::Kind::Integer;
  Operand bundle = isNew ? newBundle("") : f.fixed(given);
  f.bundle = bundle;
  result = isNew ? bundle : Operand::integer(0);
  if (!(step.flags & models::CancellableStep))
    return;
  f.add(Opcode::Sleep).flags = skeleton::Cancellable;
  result = choose(f.addResult(), result.value, Operand::integer(-1));
}

void ModelledCall::spawnInBundle(Operand bundle, llvm::ArrayRef<Operand> calleeAndArgs) {
  bool direct = calleeAndArgs[0].kind == Operand::Kind::Function;
  FunctionId callee = calleeAndArgs[0].index;
  llvm::SmallVector<Capture, 4> captures{{"bundle", bundle}};
  for (const Operand &each : direct ? calleeAndArgs.drop_front() : calleeAndArgs)
    captures.push_back({std::to_string(captures.size()), each});
  size_t count = captures.size();
  const skeleton::Function *named = direct ? &f.unit.program.functions[callee] : nullptr;
  std::string what = "task" + (named ? " " + named->key : "");
  std::string display = named ? named->display : "";
  f.add(Opcode::CounterAdd, {f.loadField(bundle, "tasks"), Operand::integer(1)});
  Operand task = closure(
      what, captures,
      [=](FunctionLowering &g) {
        Operand self = Operand::reg(0);
        Values operands;
        for (size_t i = 1; i != count; ++i)
          operands.push_back(g.loadField(self, std::to_string(i)));
        Operand group = g.loadField(self, "bundle");
        if (direct)
          g.call(callee, operands);
        else
          g.callSlot("()", operands, /*isVirtual=*/false);
        g.add(Opcode::CounterAdd, {g.loadField(group, "tasks"), Operand::integer(-1)});
        g.add(Opcode::Return);
      },
      0, "()", display);
  f.add(Opcode::Spawn, {task, f.loadField(bundle, "ctx")}).flags =
      skeleton::Cancellable | spawnFlags(site);
  f.addResult();
}

void spawnInBundle(FunctionLowering &f, const ModelledSite &end, Operand bundle,
                   llvm::ArrayRef<Operand> calleeAndArgs) {
  ModelledCall(f, end).spawnInBundle(bundle, calleeAndArgs);
}

} // namespace sluice::checker::frontend
