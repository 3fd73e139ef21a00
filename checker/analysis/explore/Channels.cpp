// Executes instructions: sends, receives, closes and selects.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/explore/Execution.h"

namespace sluice::checker::analysis {
using namespace skeleton;

bool Execution::sendReady(Value channel, uint16_t flags) const {
  if (channel.is(Value::Kind::Null))
    return false;
  if (isOutside(channel))
    return true;
  const Object &it = state.heap[channel.index()];
  return (it.second && !(flags & Anyway)) || int64_t(it.values.size()) < it.first;
}

/// A timer's channel is ready while the timer is pending: it then fires just before. The same of a
/// context that may end.
bool Execution::receiveReady(Value channel) const {
  if (channel.is(Value::Kind::Null))
    return false;
  if (isOutside(channel))
    return true;
  const Object &it = state.heap[channel.index()];
  if (!it.link.is(Value::Kind::Object))
    return it.second || !it.values.empty();
  const Object &owner = state.heap[it.link.index()];
  if (owner.kind == ObjectKind::Timer)
    return owner.first;
  return contextEnded(it.link.index()) || contextMayEnd(it.link.index());
}

/// Whether a ready channel may as well not be ready yet.
bool Execution::mayBePending(Value channel) const {
  if (isOutside(channel))
    return true;
  const Object &it = state.heap[channel.index()];
  if (!it.link.is(Value::Kind::Object))
    return false;
  return state.heap[it.link.index()].kind == ObjectKind::Timer || !contextEnded(it.link.index());
}

std::pair<Value, Value> Execution::take(Value channel) {
  if (isOutside(channel)) {
    Value value = freshFree();
    return {value, freshFree()};
  }
  Object &it = object(channel);
  if (it.link.is(Value::Kind::Object)) {
    Object &owner = object(it.link);
    if (owner.kind == ObjectKind::Timer) {
      owner.first = owner.second;
      return {Value::unit(), Value::integer(1)};
    }
    if (!contextEnded(it.link.index())) {
      uint32_t first = endsFirst(it.link.index());
      endContext(first, state.heap[first].second ? 2 : 1);
    }
    return {Value::null(), Value::integer(0)};
  }
  if (it.values.empty())
    return {Value::null(), Value::integer(0)};
  Value value = it.values.front();
  it.values.erase(it.values.begin());
  return {value, Value::integer(1)};
}

Outcome Execution::send(uint32_t task, const Instruction &instruction) {
  Value channel = evaluate(task, instruction.args[0]);
  Value value = evaluate(task, instruction.args[1]);
  if (!sendReady(channel, instruction.flags) || givesUp(instruction))
    return notNow(task, instruction);
  if (isOutside(channel)) {
    escape(value);
    return outside(task, instruction);
  }
  if (object(channel).second && instruction.flags & Quiet)
    return doneWith(task, instruction, {Value::integer(0)});
  if (object(channel).second && !(instruction.flags & Anyway)) {
    misuse(task, channel);
    return raise(task);
  }
  object(channel).values.push_back(value);
  note(Step::Kind::Send, task, {channel});
  return happened(task, instruction);
}

Outcome Execution::receive(uint32_t task, const Instruction &instruction) {
  Value channel = evaluate(task, instruction.args[0]);
  bool ready = receiveReady(channel);
  bool mayWait =
      instruction.flags & Try && ready && mayBePending(channel) && choices.choose(2) == 1;
  if (!ready || mayWait || givesUp(instruction))
    return notNow(task, instruction);
  auto [value, ok] = take(channel);
  note(ok == Value::integer(0) ? Step::Kind::ReceiveClosed : Step::Kind::Receive, task, {channel});
  if (instruction.flags & MayGiveUp)
    return doneWith(task, instruction, {Value::integer(1), value, ok});
  return doneWith(task, instruction, {value, ok});
}

Outcome Execution::close(uint32_t task, const Instruction &instruction, Value on) {
  if (on.is(Value::Kind::Object) && isOutside(on))
    return done(task);
  if (!on.is(Value::Kind::Object) && !on.is(Value::Kind::Null))
    return done(task);
  if (!on.is(Value::Kind::Null) && object(on).second && instruction.flags & Quiet)
    return done(task);
  if (on.is(Value::Kind::Null) || object(on).second) {
    misuse(task, on);
    return raise(task);
  }
  object(on).second = 1;
  note(Step::Kind::Close, task, {on});
  return done(task);
}

void Execution::runArm(uint32_t task, const Instruction &instruction, unsigned arm) {
  const SelectArm &chosen = instruction.arms[arm];
  if (chosen.kind == SelectArm::Kind::Send) {
    Value channel = evaluate(task, chosen.channel), value = evaluate(task, chosen.value);
    if (isOutside(channel))
      escape(value);
    else
      object(channel).values.push_back(value);
    write(task, chosen.ok, Value::integer(1));
  } else if (chosen.kind == SelectArm::Kind::Receive) {
    auto [value, ok] = take(evaluate(task, chosen.channel));
    write(task, chosen.result, value);
    write(task, chosen.ok, ok);
  }
}

Outcome Execution::select(uint32_t task, const Instruction &instruction) {
  llvm::SmallVector<unsigned, 4> ready;
  bool surely = false;
  for (unsigned i = 0; i != instruction.arms.size(); ++i) {
    const SelectArm &arm = instruction.arms[i];
    bool timeout = arm.kind == SelectArm::Kind::Timeout;
    Value channel = timeout ? Value() : evaluate(task, arm.channel);
    bool sends = arm.kind == SelectArm::Kind::Send;
    if (!timeout && !(sends ? sendReady(channel) : receiveReady(channel)))
      continue;
    ready.push_back(i);
    surely |= !timeout && !mayBePending(channel);
  }
  bool otherwise = (instruction.flags & Otherwise) && !surely;
  unsigned ways = unsigned(ready.size()) + otherwise;
  if (ways == 0)
    return Outcome::Blocked;
  unsigned chosen = choices.choose(ways);
  if (chosen == ready.size()) {
    note(Step::Kind::SelectOtherwise, task);
    return doneWith(task, instruction, {Value::integer(int32_t(instruction.arms.size()))});
  }
  unsigned arm = ready[chosen];
  const SelectArm &taken = instruction.arms[arm];
  Value channel = taken.kind == SelectArm::Kind::Timeout ? Value() : evaluate(task, taken.channel);
  if (Event *event = note(Step::Kind::SelectArm, task, {channel})) {
    event->step.arm = arm;
    if (taken.at.valid())
      event->step.at = taken.at;
  }
  bool onClosed =
      taken.kind == SelectArm::Kind::Send && !isOutside(channel) && object(channel).second;
  if (onClosed && instruction.flags & Quiet) {
    write(task, taken.ok, Value::integer(0));
    return doneWith(task, instruction, {Value::integer(int32_t(arm))});
  }
  if (onClosed) {
    misuse(task, channel);
    return raise(task);
  }
  runArm(task, instruction, arm);
  return doneWith(task, instruction, {Value::integer(int32_t(arm))});
}

std::optional<uint32_t> Execution::partnerChannel(uint32_t task, unsigned arm, bool sends) const {
  const Instruction &instruction = instructionOf(task);
  if (watchesContext(task) && contextEnded(state.tasks[task].context.index()))
    return std::nullopt;
  Value channel;
  if (instruction.op == Opcode::Select) {
    SelectArm::Kind wanted = sends ? SelectArm::Kind::Send : SelectArm::Kind::Receive;
    if (arm >= instruction.arms.size() || instruction.arms[arm].kind != wanted)
      return std::nullopt;
    channel = read(task, instruction.arms[arm].channel);
  } else {
    if (arm != 0 || instruction.op != (sends ? Opcode::Send : Opcode::Receive))
      return std::nullopt;
    channel = read(task, instruction.args[0]);
  }
  if (!channel.is(Value::Kind::Object) || isOutside(channel))
    return std::nullopt;
  const Object &it = state.heap[channel.index()];
  bool meets = it.first == 0 && !it.second && !it.link.is(Value::Kind::Object);
  return meets ? std::optional(channel.index()) : std::nullopt;
}

void Execution::exchange(uint32_t sender, unsigned sendArm, uint32_t receiver,
                         unsigned receiveArm) {
  const Instruction &sending = instructionOf(sender), &receiving = instructionOf(receiver);
  bool fromSelect = sending.op == Opcode::Select, toSelect = receiving.op == Opcode::Select;
  Value channel = Value::object(*partnerChannel(sender, sendArm, true));
  Value value = evaluate(sender, fromSelect ? sending.arms[sendArm].value : sending.args[1]);
  auto say = [&](uint32_t task, bool select, Step::Kind kind, unsigned arm) {
    if (Event *event = note(select ? Step::Kind::SelectArm : kind, task, {channel}))
      event->step.arm = arm;
  };
  say(sender, fromSelect, Step::Kind::Send, sendArm);
  say(receiver, toSelect, Step::Kind::Receive, receiveArm);
  if (toSelect) {
    write(receiver, receiving.arms[receiveArm].result, value);
    write(receiver, receiving.arms[receiveArm].ok, Value::integer(1));
    doneWith(receiver, receiving, {Value::integer(int32_t(receiveArm))});
  } else if (receiving.flags & MayGiveUp) {
    doneWith(receiver, receiving, {Value::integer(1), value, Value::integer(1)});
  } else {
    doneWith(receiver, receiving, {value, Value::integer(1)});
  }
  if (fromSelect) {
    write(sender, sending.arms[sendArm].ok, Value::integer(1));
    doneWith(sender, sending, {Value::integer(int32_t(sendArm))});
  } else {
    happened(sender, sending);
  }
  for (uint32_t task : {sender, receiver}) {
    taskAt(task).moved = taskAt(task).running = true;
    taskAt(task).flags &= uint8_t(~(Task::Paused | Task::Parked));
  }
}

llvm::SmallVector<Value, 4> Execution::operatesOn(uint32_t task) const {
  const Instruction &instruction = instructionOf(task);
  llvm::SmallVector<Value, 4> list;
  for (const SelectArm &arm : instruction.arms)
    if (arm.kind != SelectArm::Kind::Timeout)
      list.push_back(read(task, arm.channel));
  bool one = instruction.op != Opcode::Select && !instruction.args.empty();
  if (one)
    list.push_back(read(task, instruction.args[0]));
  if (instruction.op == Opcode::Wait)
    list.push_back(read(task, instruction.args[1]));
  return list;
}

} // namespace sluice::checker::analysis
