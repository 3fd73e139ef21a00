// Executes instructions: making primitives, counting, events, once, joins, timers and contexts.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/explore/Execution.h"

namespace sluice::checker::analysis {
using namespace skeleton;

namespace {

ObjectKind objectKindOf(PrimitiveKind kind) {
  switch (kind) {
  case PrimitiveKind::Channel:
    return ObjectKind::Channel;
  case PrimitiveKind::Mutex:
    return ObjectKind::Mutex;
  case PrimitiveKind::SharedMutex:
    return ObjectKind::SharedMutex;
  case PrimitiveKind::Condition:
    return ObjectKind::Condition;
  case PrimitiveKind::Counter:
    return ObjectKind::Counter;
  case PrimitiveKind::Semaphore:
    return ObjectKind::Semaphore;
  case PrimitiveKind::Event:
    return ObjectKind::Event;
  case PrimitiveKind::Once:
    return ObjectKind::Once;
  case PrimitiveKind::Timer:
    return ObjectKind::Timer;
  case PrimitiveKind::Context:
    return ObjectKind::Context;
  case PrimitiveKind::Canceller:
    break;
  }
  return ObjectKind::Canceller;
}

} // namespace

bool Execution::isOutside(Value value) const {
  if (value.is(Value::Kind::Object))
    return state.heap[value.index()].escaped();
  return !value.is(Value::Kind::Null);
}

/// The first result of a `try` or `timed` operation says that it happened; the others are left to
/// the operation.
Outcome Execution::happened(uint32_t task, const Instruction &instruction) {
  if (instruction.flags & (MayGiveUp | Quiet))
    return doneWith(task, instruction, {Value::integer(1)});
  return done(task);
}

bool Execution::givesUp(const Instruction &instruction) {
  return (instruction.flags & Timed) && choices.choose(2) == 1;
}

Outcome Execution::notNow(uint32_t task, const Instruction &instruction) {
  if (!(instruction.flags & (Try | Timed)))
    return Outcome::Blocked;
  hasRested |= !(instruction.flags & Try);
  return gaveUp(task, instruction);
}

Outcome Execution::gaveUp(uint32_t task, const Instruction &instruction) {
  if (instruction.op == Opcode::Select)
    return doneWith(task, instruction, {Value::integer(-1)});
  return doneWith(task, instruction, {Value::integer(0), Value::null(), Value::integer(0)});
}

bool Execution::watchesContext(uint32_t task) const {
  const Instruction &instruction = instructionOf(task);
  return instruction.flags & Cancellable && instruction.op != Opcode::Spawn &&
         state.tasks[task].context.is(Value::Kind::Object);
}

/// Whether it has ended. One that code out of sight knows may end here.
bool Execution::isCancelled(uint32_t task) {
  if (!watchesContext(task))
    return false;
  uint32_t context = state.tasks[task].context.index();
  if (contextEnded(context))
    return true;
  if (!contextMayEnd(context) || choices.choose(2) == 0)
    return false;
  endContext(endsFirst(context), 1);
  return true;
}

void Execution::misuse(uint32_t task, Value on) {
  note(Step::Kind::Blocked, task, {on});
  if (!isOutside(on) && !catches(task) && !(instructionOf(task).flags & Style))
    misuses.push_back(
        {task,
         {taskAt(task).top().function, taskAt(task).top().block, taskAt(task).top().index},
         0,
         Defect::Misuse});
}

/// A thread's handle that still names it ends: so does the process.
Outcome Execution::endHandle(uint32_t task, Value on) {
  const Object &it = object(on);
  if (it.kind != ObjectKind::Handle || it.escaped() || !it.site ||
      !(facts.at(facts.sites[it.site]).flags & Thread))
    return done(task);
  note(Step::Kind::HandleEnd, task, {on});
  const Frame &here = taskAt(task).top();
  misuses.push_back({task, {here.function, here.block, here.index}, it.site, Defect::UnjoinedTask});
  return endProcess();
}

Outcome Execution::make(uint32_t task, const Instruction &instruction) {
  uint32_t site = siteHere(task);
  notes.made.insert(site);
  Value first = instruction.args.empty() ? Value::null() : evaluate(task, instruction.args[0]);
  bool counts = instruction.primitive == PrimitiveKind::Channel ||
                instruction.primitive == PrimitiveKind::Counter ||
                instruction.primitive == PrimitiveKind::Semaphore;
  if (first.is(Value::Kind::Opaque))
    first = freshFree();
  if (counts)
    first = concrete(task, instruction.args[0], first);
  if (instruction.primitive == PrimitiveKind::Context)
    first = materialize(first, ObjectKind::Context);
  Value made = fresh(objectKindOf(instruction.primitive), site);
  Object &it = object(made);
  switch (instruction.primitive) {
  case PrimitiveKind::Channel:
  case PrimitiveKind::Counter:
  case PrimitiveKind::Semaphore:
    it.first = first.is(Value::Kind::Integer) ? first.number() : 0;
    break;
  case PrimitiveKind::Mutex:
    it.second = (instruction.flags & Recursive) != 0;
    break;
  case PrimitiveKind::Timer:
    it.second = (instruction.flags & Periodic) != 0;
    if (!first.is(Value::Kind::Null))
      it.values.push_back(first);
    break;
  case PrimitiveKind::Context:
    it.second = (instruction.flags & TimedContext) != 0;
    it.link = first;
    break;
  case PrimitiveKind::Canceller:
    it.link = first;
    break;
  default:
    break;
  }
  note(Step::Kind::Make, task, {made});
  return doneWith(task, instruction, {made});
}

Outcome Execution::counter(uint32_t task, const Instruction &instruction, Value on) {
  Object &it = object(on);
  if (instruction.op == Opcode::CounterWait) {
    if (it.first != 0 && !it.escaped())
      return notNow(task, instruction);
    note(Step::Kind::Wait, task, {on});
    return happened(task, instruction);
  }
  Value by = concrete(task, instruction.args[1], evaluate(task, instruction.args[1]));
  if (!by.is(Value::Kind::Integer)) {
    escape(on);
    return done(task);
  }
  Object &counted = object(on);
  counted.first = saturated(int64_t(counted.first) + by.number());
  note(Step::Kind::Count, task, {on});
  if (counted.first >= 0)
    return done(task);
  misuse(task, on);
  return endProcess();
}

Outcome Execution::semaphore(uint32_t task, const Instruction &instruction, Value on) {
  Value by = concrete(task, instruction.args[1], evaluate(task, instruction.args[1]));
  int32_t count = by.is(Value::Kind::Integer) ? by.number() : 1;
  Object &it = object(on);
  if (instruction.op == Opcode::Release) {
    it.first = saturated(int64_t(it.first) + count);
    note(Step::Kind::Release, task, {on});
    return done(task);
  }
  if (it.first < count && !it.escaped())
    return notNow(task, instruction);
  it.first = std::max(0, it.first - count);
  note(Step::Kind::Acquire, task, {on});
  return happened(task, instruction);
}

/// A `once` whose call has failed, for the next to run it; a semaphore with a new count; a mutex
/// that is plain (0) or recursive (1) from now on; a channel that holds more or less; an event that
/// is cleared; a task that is to be joined (1) or is not (0). Of what is set up in another way,
/// nothing is known.
Outcome Execution::reset(uint32_t task, const Instruction &instruction, Value on) {
  Value as = evaluate(task, instruction.args[1]);
  if (object(on).kind == ObjectKind::Once) {
    object(on).first = 0;
    object(on).holders.clear();
    return done(task);
  }
  if (object(on).kind == ObjectKind::Handle) {
    object(on).second = as != Value::integer(1);
    return done(task);
  }
  ObjectKind kind = object(on).kind;
  bool isMutex = kind == ObjectKind::Mutex;
  bool counts =
      kind == ObjectKind::Channel || kind == ObjectKind::Semaphore || kind == ObjectKind::Event;
  if (!isMutex && !counts)
    return done(task);
  if (!isMutex)
    as = concrete(task, instruction.args[1], as);
  bool known = as.is(Value::Kind::Integer) && (!isMutex || as.number() == 0 || as.number() == 1);
  if (!known) {
    if (kind != ObjectKind::Channel)
      object(on).second = isMutex;
    escape(on);
  } else
    (isMutex ? object(on).second : object(on).first) = as.number();
  return done(task);
}

/// A semaphore is an event that whoever waited for it clears.
Outcome Execution::event(uint32_t task, const Instruction &instruction, Value on) {
  Object &it = object(on);
  bool clears = it.kind == ObjectKind::Semaphore;
  if (instruction.op == Opcode::WaitEvent) {
    if (!it.first && !it.escaped())
      return notNow(task, instruction);
    if (clears)
      it.first = 0;
    note(Step::Kind::Wait, task, {on});
    return happened(task, instruction);
  }
  bool quiet = clears || instruction.flags & Quiet;
  if (it.first && !it.escaped() && !quiet) {
    misuse(task, on);
    return raise(task);
  }
  it.first = 1;
  note(Step::Kind::Set, task, {on});
  return done(task);
}

Outcome Execution::once(uint32_t task, const Instruction &instruction, Value on) {
  Object &it = object(on);
  if (instruction.op == Opcode::OnceEnd) {
    it.first = 2;
    it.holders.clear();
    return done(task);
  }
  if (it.first == 1)
    return Outcome::Blocked;
  bool runs = it.first == 0;
  if (runs) {
    it.first = 1;
    it.holders.push_back(task);
  }
  note(Step::Kind::Wait, task, {on});
  return doneWith(task, instruction, {Value::integer(runs)});
}

Outcome Execution::join(uint32_t task, const Instruction &instruction, Value on) {
  Object &it = object(on);
  // Whoever else knows the handle: a task that was started in sight has to end.
  bool ended = it.first || (it.flags & Object::External) || it.holders.empty();
  if (it.kind != ObjectKind::Handle || instruction.op == Opcode::Detach || ended) {
    if (it.kind == ObjectKind::Handle)
      it.second = 1; // nothing is kept for its sake any more
    if (instruction.op == Opcode::Join)
      note(Step::Kind::Join, task, {on});
    return instruction.op == Opcode::Join ? happened(task, instruction) : done(task);
  }
  return notNow(task, instruction);
}

Outcome Execution::timer(uint32_t task, const Instruction &instruction, Value on) {
  if (instruction.op == Opcode::TimerStart) {
    object(on).first = 1;
    return done(task);
  }
  if (instruction.op == Opcode::TimerStop) {
    // One that sends may have done so unseen; one that starts a function is seen to.
    bool certain = object(on).second || !object(on).values.empty();
    bool pending = object(on).first && (certain || choices.choose(2) == 0);
    object(on).first = 0;
    return doneWith(task, instruction, {Value::integer(pending)});
  }
  if (!object(on).link.is(Value::Kind::Object)) {
    Value channel = fresh(ObjectKind::Channel, 0);
    object(channel).first = 1;
    object(channel).link = on;
    object(on).link = channel;
    object(channel).flags = object(on).flags;
  }
  return doneWith(task, instruction, {object(on).link});
}

Value Execution::doneChannel(Value context) {
  if (object(context).values.empty()) {
    Value channel = fresh(ObjectKind::Channel, 0);
    object(channel).link = context;
    object(context).values.push_back(channel);
  }
  return object(context).values[0];
}

bool Execution::contextEnded(uint32_t context) const {
  for (Value at = Value::object(context); at.is(Value::Kind::Object);
       at = state.heap[at.index()].link)
    if (state.heap[at.index()].first)
      return true;
  return false;
}

bool Execution::contextMayEnd(uint32_t context) const {
  for (Value at = Value::object(context); at.is(Value::Kind::Object);
       at = state.heap[at.index()].link) {
    const Object &each = state.heap[at.index()];
    if (each.first || each.second || each.escaped())
      return true;
  }
  return false;
}

/// The nearest context up the tree that may end by itself.
uint32_t Execution::endsFirst(uint32_t context) const {
  for (Value at = Value::object(context); at.is(Value::Kind::Object);
       at = state.heap[at.index()].link) {
    const Object &each = state.heap[at.index()];
    if (each.second || each.escaped())
      return at.index();
  }
  return context;
}

void Execution::endContext(uint32_t context, int32_t how) {
  if (!state.heap[context].first)
    state.heap[context].first = how;
}

Outcome Execution::context(uint32_t task, const Instruction &instruction, Value on) {
  if (instruction.op == Opcode::ContextDone)
    return doneWith(task, instruction, {doneChannel(on)});
  if (instruction.op == Opcode::ContextError) {
    bool ended = contextEnded(on.index());
    if (!ended && contextMayEnd(on.index()) && choices.choose(2) == 1) {
      uint32_t first = endsFirst(on.index());
      endContext(first, state.heap[first].second ? 2 : 1);
      ended = true;
      note(Step::Kind::Cancel, task, {Value::object(first)});
    }
    int32_t how = 0;
    for (Value at = on; ended && at.is(Value::Kind::Object) && !how; at = object(at).link)
      how = object(at).first;
    return doneWith(task, instruction, {Value::integer(how)});
  }
  note(Step::Kind::Cancel, task, {on});
  if (object(on).kind == ObjectKind::Canceller) {
    object(on).first = 1;
    on = object(on).link;
  }
  if (on.is(Value::Kind::Object))
    endContext(on.index(), 1);
  return done(task);
}

/// A lock from outside; what its owner may not take again may be shared by others.
Value Execution::outsideLock(Value value, bool recursive) {
  Value lock = materialize(value, recursive ? ObjectKind::Mutex : ObjectKind::SharedMutex);
  object(lock).second = recursive;
  return lock;
}

/// An operation on something out of sight can proceed, and gives an outside value.
Outcome Execution::outside(uint32_t task, const Instruction &instruction) {
  hasRested = true;
  for (size_t i = 1; i < instruction.args.size(); ++i)
    escape(read(task, instruction.args[i]));
  bool mayFail = instruction.flags & (MayGiveUp | Quiet);
  for (size_t i = 0; i != instruction.results.size(); ++i)
    write(task, instruction.results[i],
          mayFail && i == 0 ? Value::integer(int32_t(choices.choose(2))) : freshFree());
  return done(task);
}

/// There may be no context, and no task to end or to join.
Outcome Execution::operateOnNull(uint32_t task, const Instruction &instruction) {
  Opcode op = instruction.op;
  if (op == Opcode::ContextDone)
    return doneWith(task, instruction, {Value::null()});
  if (op == Opcode::ContextError || op == Opcode::Cancel)
    return doneWith(task, instruction, {Value::integer(0)});
  bool ifAny = op == Opcode::EndTask || (op == Opcode::Join && (instruction.flags & Joinable));
  return ifAny ? done(task) : endProcess();
}

Outcome Execution::executePrimitive(uint32_t task, const Instruction &instruction) {
  operateOnLost(task);
  if (isCancelled(task))
    return gaveUp(task, instruction);
  switch (instruction.op) {
  case Opcode::Make:
    return make(task, instruction);
  case Opcode::Yield:
  case Opcode::Sleep:
    hasRested = true;
    return happened(task, instruction);
  case Opcode::SpreadFibers:
    return done(task);
  case Opcode::Select:
    return select(task, instruction);
  case Opcode::Send:
    return send(task, instruction);
  case Opcode::Receive:
    return receive(task, instruction);
  case Opcode::Wait:
    return wait(task, instruction);
  default:
    break;
  }
  Value on = evaluate(task, instruction.args[0]);
  bool locks = instruction.op == Opcode::Lock || instruction.op == Opcode::Unlock;
  bool contexts = instruction.op >= Opcode::ContextDone && instruction.op <= Opcode::Cancel;
  if (instruction.op == Opcode::Close)
    return close(task, instruction, on);
  if (on.is(Value::Kind::Null))
    return operateOnNull(task, instruction);
  if (locks && on.is(Value::Kind::Free))
    on = outsideLock(on, instruction.flags & Recursive);
  if (contexts && instruction.op != Opcode::Cancel)
    on = materialize(on, ObjectKind::Context);
  if (!on.is(Value::Kind::Object))
    return outside(task, instruction);
  switch (instruction.op) {
  case Opcode::Lock:
    return lock(task, instruction, on);
  case Opcode::Unlock:
    return unlock(task, on);
  case Opcode::Notify:
    return notify(task, instruction, on);
  case Opcode::CounterAdd:
  case Opcode::CounterWait:
    return counter(task, instruction, on);
  case Opcode::Acquire:
  case Opcode::Release:
    return semaphore(task, instruction, on);
  case Opcode::Reset:
    return reset(task, instruction, on);
  case Opcode::SetEvent:
  case Opcode::WaitEvent:
    return event(task, instruction, on);
  case Opcode::Join:
  case Opcode::Detach:
    return join(task, instruction, on);
  case Opcode::EndTask:
    return endHandle(task, on);
  case Opcode::OnceBegin:
  case Opcode::OnceEnd:
    return once(task, instruction, on);
  default:
    return contexts ? context(task, instruction, on) : timer(task, instruction, on);
  }
}

} // namespace sluice::checker::analysis
