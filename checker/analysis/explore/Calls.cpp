// Executes instructions: calls, throws, returns and the starting of tasks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/explore/Execution.h"

#include "analysis/explore/Turns.h"

#include "llvm/ADT/StringRef.h"

namespace sluice::checker::analysis {
using namespace skeleton;

namespace {
/// How often one function may stand on a call stack.
constexpr unsigned DeepestRecursion = 3;
} // namespace

Outcome Execution::enter(uint32_t task, uint32_t function, llvm::ArrayRef<Value> arguments) {
  const Function &callee = program.functions[function];
  unsigned depth = 0;
  for (const Frame &frame : taskAt(task).frames)
    depth += frame.function == function;
  if (depth == DeepestRecursion) {
    notes.gaveUp = NoVerdict::Recursion;
    notes.detail = callee.display;
    return endProcess();
  }
  Frame &frame = taskAt(task).frames.emplace_back();
  frame.function = function;
  frame.registers.resize(callee.registers.size());
  for (size_t i = 0; i != callee.parameters; ++i)
    frame.registers[i] = i < arguments.size() ? arguments[i] : Value::opaque();
  return Outcome::Done;
}

/// Escapes to code that has a name.
void Execution::escapeTo(Value value, const std::string &why) {
  if (!value.refers())
    return;
  std::set<uint32_t> before = notes.escaped;
  escape(value);
  for (uint32_t site : notes.escaped)
    if (!before.count(site))
      notes.unknown.try_emplace(site, why);
}

/// Who resumes a coroutine is not in sight.
Outcome Execution::suspend(uint32_t task, const Instruction &instruction) {
  std::set<uint32_t> before = notes.escaped;
  escape(read(task, instruction.args[0]));
  for (uint32_t site : notes.escaped)
    if (!before.count(site))
      notes.suspended.insert(site);
  return done(task);
}

Outcome Execution::unknownCall(uint32_t task, const Instruction &instruction, llvm::StringRef why) {
  for (const Operand &operand : instruction.args)
    escapeTo(read(task, operand), why.str());
  if (callsLost(task))
    callLost(instruction, why.str());
  return doneWith(task, instruction, {freshFree()});
}

Outcome Execution::executeCall(uint32_t task, const Instruction &instruction) {
  if (instruction.op == Opcode::Escape) {
    Value value = read(task, instruction.args[0]);
    // A method that returns its own object gives a client nothing new.
    if (!inClient(task) || value != taskAt(task).top().registers[notes.limits.client->object])
      escape(value);
    return done(task);
  }
  if (instruction.op == Opcode::Suspend)
    return suspend(task, instruction);
  if (instruction.op == Opcode::CallUnknown)
    return unknownCall(task, instruction, instruction.type);
  if (instruction.op == Opcode::Spawn)
    return spawn(task, instruction);
  llvm::SmallVector<Value, 4> arguments;
  for (const Operand &operand : instruction.args)
    arguments.push_back(evaluate(task, operand));
  uint32_t function = instruction.callee;
  if (instruction.op == Opcode::CallSlot) {
    Value callable = arguments[0];
    if (callable.is(Value::Kind::Null))
      return endProcess();
    if (callable.is(Value::Kind::Function)) {
      function = callable.index();
      arguments.erase(arguments.begin());
    } else {
      bool typed = callable.is(Value::Kind::Object) &&
                   object(callable).kind == ObjectKind::Struct && object(callable).first >= 0;
      if (!typed)
        return unknownCall(task, instruction, program.fields[instruction.callee]);
      const Class &klass = program.classes[uint32_t(object(callable).first)];
      auto slot = klass.slots.find(instruction.callee);
      if (slot == klass.slots.end())
        return unknownCall(task, instruction, program.fields[instruction.callee]);
      function = slot->second;
    }
  }
  if (program.functions[function].blocks.empty())
    return unknownCall(task, instruction, program.functions[function].display);
  if (inClient(task))
    beginClientCall(task, instruction, arguments);
  return enter(task, function, arguments);
}

/// What a client does stands where the function that it calls does.
void Execution::beginClientCall(uint32_t task, const Instruction &instruction,
                                llvm::ArrayRef<Value> arguments) {
  const auto &roles = program.functions[instruction.callee].parameterRoles;
  for (size_t i = 0; i != arguments.size() && i < roles.size(); ++i)
    if (arguments[i].is(Value::Kind::Free) && roles[i] == "value")
      state.symbols[arguments[i].index()].present = true;
  const Client &client = *notes.limits.client;
  const Frame &here = taskAt(task).top();
  bool first = here.function == client.function;
  bool makes = first && here.block < client.rests;
  bool destroys = first && here.block >= client.destroys;
  if (!makes && !destroys)
    begunCall = instruction.callee;
  Event *event = note(makes      ? Step::Kind::Construct
                      : destroys ? Step::Kind::Destroy
                                 : Step::Kind::Call,
                      task);
  if (!event)
    return;
  event->step.function = instruction.callee;
  event->step.detail = makes || destroys ? program.classes[client.of].display
                                         : program.functions[instruction.callee].display;
}

Outcome Execution::leave(uint32_t task, std::optional<Value> result) {
  Task &leaving = taskAt(task);
  if (leaving.frames.size() == 1) {
    if (result && (leaving.flags & Task::Entry))
      escape(*result);
    endTask(task);
    return Outcome::Done;
  }
  bool initialized = program.globalInit == leaving.top().function;
  leaving.frames.pop_back();
  const Instruction &call = instructionOf(task);
  if (initialized && (call.op != Opcode::Call || call.callee != *program.globalInit))
    return Outcome::Done;
  return doneWith(task, call, {result.value_or(Value::unit())});
}

/// Unwinds to the innermost handler. What nobody catches ends the process, or leaves the scope
/// through its entry.
Outcome Execution::raise(uint32_t task) {
  while (!taskAt(task).frames.empty()) {
    const Instruction &instruction = instructionOf(task);
    if (instruction.unwind) {
      jump(task, *instruction.unwind);
      taskAt(task).phase = Task::Phase::Ready;
      return Outcome::Done;
    }
    if (taskAt(task).frames.size() == 1)
      break;
    taskAt(task).frames.pop_back();
  }
  bool leavesScope =
      (taskAt(task).flags & Task::Entry) && !program.functions[taskAt(task).top().function].entry;
  if (!leavesScope)
    return endProcess();
  endTask(task);
  return Outcome::Done;
}

bool Execution::catches(uint32_t task) const {
  for (const Frame &frame : state.tasks[task].frames) {
    const Instruction &at = program.functions[frame.function].blocks[frame.block].code[frame.index];
    if (at.unwind && !facts.onlyRethrows(frame.function, *at.unwind))
      return true;
  }
  return false;
}

uint32_t Execution::newTask(Value callable, llvm::ArrayRef<Value> arguments, uint32_t site) {
  uint32_t function = callable.index();
  llvm::SmallVector<Value, 4> all;
  if (callable.is(Value::Kind::Object)) {
    const Class &klass = program.classes[uint32_t(object(callable).first)];
    for (const auto &[slot, target] : klass.slots)
      if (program.fields[slot] == "()")
        function = target;
    all.push_back(callable);
  }
  all.append(arguments.begin(), arguments.end());
  uint32_t id = uint32_t(state.tasks.size());
  state.tasks.emplace_back();
  taskAt(id).site = site;
  taskAt(id).running = true;
  enter(id, function, all);
  return id;
}

/// A thread whose code is out of sight: nothing is known of it but that its handle needs a join,
/// which comes back.
Outcome Execution::spawnUnknown(uint32_t task, const Instruction &instruction) {
  if (Event *event = note(Step::Kind::Start, task))
    event->step.arm = uint32_t(state.tasks.size());
  uint32_t site = siteHere(task);
  std::optional<Register> to = instruction.result();
  Outcome outcome = unknownCall(task, instruction, "the started thread");
  Value handle = fresh(ObjectKind::Handle, site);
  object(handle).first = 1;
  write(task, to, handle);
  return outcome;
}

Outcome Execution::spawn(uint32_t task, const Instruction &instruction) {
  llvm::SmallVector<Value, 4> arguments;
  for (const Operand &operand : instruction.args)
    arguments.push_back(evaluate(task, operand));
  Value callable = arguments[0];
  if (callable.is(Value::Kind::Null))
    return endProcess();
  auto living = llvm::count_if(state.tasks, [](const Task &each) { return !each.ended; });
  if (notes.limits.client && size_t(living) >= notes.limits.tasks)
    return beyond("more tasks");
  auto hasCode = [&](uint32_t function) { return !program.functions[function].blocks.empty(); };
  bool known = callable.is(Value::Kind::Function) && hasCode(callable.index());
  if (callable.is(Value::Kind::Object) && object(callable).kind == ObjectKind::Struct &&
      object(callable).first >= 0)
    for (const auto &[slot, target] : program.classes[uint32_t(object(callable).first)].slots)
      known |= program.fields[slot] == "()" && hasCode(target);
  if (!known && (instruction.flags & (skeleton::Thread | skeleton::Joinable)))
    return spawnUnknown(task, instruction);
  if (!known)
    return unknownCall(task, instruction, "the started task");
  if (Event *event = note(Step::Kind::Start, task))
    event->step.arm = uint32_t(state.tasks.size());
  Value context = instruction.flags & Cancellable ? arguments.pop_back_val() : Value::null();
  uint32_t id = newTask(callable, llvm::ArrayRef(arguments).drop_front(), siteHere(task));
  taskAt(id).context = context;
  if (instruction.flags & skeleton::Daemon)
    taskAt(id).flags |= Task::Daemon;
  if ((instruction.flags & Fiber) && facts.fibers.takeTurns()) {
    bool isFiber = taskAt(task).flags & Task::Fiber;
    addFiber(state, isFiber ? taskAt(task).thread : fresh(ObjectKind::Thread, 0), task, id,
             instruction.flags & AtOnce);
  }
  Value handle = fresh(ObjectKind::Handle, siteHere(task));
  object(handle).holders.push_back(id);
  return doneWith(task, instruction, {handle});
}

void Execution::fire(uint32_t timer) {
  Value function = state.heap[timer].values[0];
  if (!state.heap[timer].second)
    state.heap[timer].first = 0;
  newTask(function, {}, state.heap[timer].site);
}

void Execution::start(uint32_t function) {
  const Function &entry = program.functions[function];
  state.globals = fresh(ObjectKind::Struct, 0);
  object(state.globals).first = -1;
  if (!entry.entry)
    object(state.globals).flags = Object::External;
  llvm::SmallVector<Value, 4> arguments;
  for (uint32_t i = 0; i != entry.parameters; ++i) {
    arguments.push_back(freshFree());
    bool isContext = i < entry.parameterRoles.size() && entry.parameterRoles[i] == "context";
    if (isContext)
      arguments.back() = materialize(arguments.back(), ObjectKind::Context);
  }
  if (notes.limits.object) {
    arguments[0] = materialize(arguments[0], ObjectKind::Struct);
    object(arguments[0]).first = *notes.limits.object;
  }
  state.tasks.emplace_back();
  taskAt(0).flags = Task::Entry;
  taskAt(0).running = true;
  // Who else starts it may cancel it.
  if (!entry.entry && facts.runsCancellable(function))
    taskAt(0).context = materialize(freshFree(), ObjectKind::Context);
  enter(0, function, arguments);
  bool initializes = entry.entry && program.globalInit && *program.globalInit != function;
  if (!initializes)
    return;
  // The initializer runs in a frame on top; its return must not move the entry on.
  enter(0, *program.globalInit, {});
}

} // namespace sluice::checker::analysis
