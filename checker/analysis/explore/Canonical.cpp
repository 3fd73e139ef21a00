// Brings a state into its canonical form.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tasks are ordered by a hash of where they stand and of what they reach, objects by the order in
// which the ordered tasks reach them. Where two hashes collide the order is arbitrary: a state may
// then be stored twice, never merged wrongly, because rows are compared whole.
#include "analysis/explore/Canonical.h"

#include <algorithm>
#include <numeric>

namespace sluice::checker::analysis {
using namespace skeleton;
namespace {

uint64_t mix(uint64_t seed, uint64_t word) {
  uint64_t x = (seed ^ word) * 0x9e3779b97f4a7c15u;
  return x ^ (x >> 29);
}

class Canonicalizer {
public:
  Canonicalizer(const Facts &facts, State &state) : facts(facts), state(state) {}
  Canonical run();

private:
  void hashAll();
  uint64_t hashValue(Value value) const;
  uint64_t hashTask(const Task &task) const;
  uint64_t hashObject(const Object &object) const;
  void orderTasks();
  void orderObjects();
  void reach(Value value);
  void findLost();
  Value renamed(Value value);
  void emit(Value value) { out.words.push_back(renamed(value).word()); }
  void emitTask(const Task &task);
  void emitObject(const Object &object);
  void emitSymbols();
  void findSame(const std::vector<std::pair<size_t, size_t>> &rows);

  const Facts &facts;
  State &state;
  Canonical out;
  std::vector<uint64_t> objectHash;
  std::vector<uint64_t> taskHash;
  std::vector<uint32_t> newObject;
  std::vector<uint32_t> objectOrder;
  std::vector<uint32_t> newTask;
  std::vector<uint32_t> newSymbol;
  std::vector<uint32_t> symbolOrder;
  bool pending = false; ///< a timer will still start a task
};

uint64_t Canonicalizer::hashValue(Value value) const {
  if (value.refers())
    return mix(objectHash[value.index()], uint64_t(value.extra()));
  if (value.is(Value::Kind::Free))
    return mix(0x51, uint64_t(value.extra()));
  return value.word();
}

uint64_t Canonicalizer::hashTask(const Task &task) const {
  uint64_t hash = mix(task.site, uint64_t(task.phase) << 8 | task.flags);
  for (const Frame &frame : task.frames) {
    hash = mix(hash, uint64_t(frame.function) << 40 | uint64_t(frame.block) << 16 | frame.index);
    for (Value value : frame.registers)
      hash = mix(hash, hashValue(value));
  }
  return hash;
}

uint64_t Canonicalizer::hashObject(const Object &object) const {
  uint64_t hash = mix(uint64_t(object.kind) | uint64_t(object.flags) << 8, object.site);
  hash = mix(hash, uint64_t(uint32_t(object.first)) << 32 | uint32_t(object.second));
  hash = mix(hash, hashValue(object.link));
  for (uint32_t key : object.keys)
    hash = mix(hash, key);
  for (Value value : object.values)
    hash = mix(hash, hashValue(value));
  uint64_t holders = 0;
  for (uint32_t task : object.holders)
    holders += task < taskHash.size() ? taskHash[task] : 7;
  return mix(hash, holders);
}

void Canonicalizer::hashAll() {
  objectHash.assign(state.heap.size(), 1);
  taskHash.assign(state.tasks.size(), 1);
  for (int round = 0; round != 3; ++round) {
    std::vector<uint64_t> next(state.heap.size());
    for (size_t i = 0; i != state.heap.size(); ++i)
      next[i] = hashObject(state.heap[i]);
    for (size_t i = 0; i != state.tasks.size(); ++i)
      taskHash[i] = hashTask(state.tasks[i]);
    objectHash = std::move(next);
  }
}

void Canonicalizer::orderTasks() {
  std::vector<uint16_t> order(state.tasks.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](uint16_t a, uint16_t b) {
    return std::pair(taskHash[a], a) < std::pair(taskHash[b], b);
  });
  newTask.assign(state.tasks.size(), EndedTask);
  for (uint16_t old : order)
    if (!state.tasks[old].ended) {
      newTask[old] = uint32_t(out.taskFrom.size());
      out.taskFrom.push_back(old);
    }
}

void Canonicalizer::reach(Value value) {
  if (!value.refers() || newObject[value.index()] != ~0u)
    return;
  newObject[value.index()] = uint32_t(objectOrder.size());
  objectOrder.push_back(value.index());
}

void Canonicalizer::orderObjects() {
  newObject.assign(state.heap.size(), ~0u);
  size_t next = 0;
  auto drain = [&] {
    for (; next != objectOrder.size(); ++next)
      eachValue(state.heap[objectOrder[next]], 0, [&](Value value) { reach(value); });
  };
  reach(state.globals);
  drain();
  for (uint16_t old : out.taskFrom) {
    eachValue(state.tasks[old], [&](Value value) { reach(value); });
    drain();
  }
  // A timer that will start a task lives until then, though nothing may hold it.
  for (uint32_t i = 0; i != state.heap.size(); ++i)
    if (state.heap[i].kind == ObjectKind::Timer && state.heap[i].first &&
        !state.heap[i].values.empty())
      pending = true, reach(Value::object(i));
  // A lock that is never touched again is held still, which shows as the holder ends.
  for (uint32_t i = 0; i != state.heap.size(); ++i) {
    const Object &it = state.heap[i];
    bool lock = it.kind == ObjectKind::Mutex || it.kind == ObjectKind::SharedMutex;
    if (lock && it.site && !it.escaped() && llvm::any_of(it.holders, [&](uint32_t task) {
          return task < newTask.size() && newTask[task] != EndedTask;
        }))
      reach(Value::object(i));
  }
  drain();
}

/// A canceller whose context has ended, by that of a parent too, has nothing left to do.
void Canonicalizer::findLost() {
  auto ended = [&](Value context) {
    for (; context.is(Value::Kind::Object); context = state.heap[context.index()].link)
      if (state.heap[context.index()].first)
        return true;
    return false;
  };
  for (uint32_t i = 0; i != state.heap.size(); ++i) {
    const Object &object = state.heap[i];
    if (newObject[i] != ~0u || object.escaped())
      continue;
    bool mustCall = object.kind == ObjectKind::Canceller && !object.first && !ended(object.link) &&
                    !(object.site && facts.at(facts.sites[object.site]).flags & Style);
    bool mustJoin = object.kind == ObjectKind::Handle && !object.second && object.site &&
                    facts.mustBeJoined(object.site);
    if (mustCall || mustJoin)
      out.lost.push_back(object.site);
  }
}

Value Canonicalizer::renamed(Value value) {
  if (value.refers())
    return value.withIndex(newObject[value.index()]);
  if (!value.is(Value::Kind::Free))
    return value;
  uint32_t &id = newSymbol[value.index()];
  if (id == ~0u) {
    id = uint32_t(symbolOrder.size());
    symbolOrder.push_back(value.index());
  }
  return value.withIndex(id);
}

void Canonicalizer::emitTask(const Task &task) {
  out.words.push_back(uint64_t(task.phase) | uint64_t(task.flags) << 8 |
                      uint64_t(task.frames.size()) << 16 | uint64_t(task.site) << 32);
  for (const Frame &frame : task.frames) {
    out.words.push_back(uint64_t(frame.function) << 40 | uint64_t(frame.block) << 16 | frame.index);
    for (Value value : frame.registers)
      emit(value);
  }
}

void Canonicalizer::emitObject(const Object &object) {
  out.words.push_back(uint64_t(object.kind) | uint64_t(object.flags) << 8 |
                      uint64_t(object.values.size()) << 16 | uint64_t(object.keys.size()) << 32 |
                      uint64_t(object.holders.size()) << 48);
  out.words.push_back(object.site);
  out.words.push_back(uint64_t(uint32_t(object.first)) << 32 | uint32_t(object.second));
  emit(object.link);
  for (Value value : object.values)
    emit(value);
  for (uint32_t key : object.keys)
    out.words.push_back(key);
  llvm::SmallVector<uint32_t, 4> holders;
  for (uint32_t task : object.holders)
    holders.push_back(task < newTask.size() ? newTask[task] : EndedTask);
  llvm::sort(holders);
  for (uint32_t holder : holders)
    out.words.push_back(holder);
}

void Canonicalizer::emitSymbols() {
  out.words.push_back(symbolOrder.size());
  for (uint32_t id : symbolOrder) {
    Symbol &symbol = state.symbols[id];
    llvm::sort(symbol.excluded);
    out.words.push_back(uint64_t(uint32_t(symbol.low)) << 32 | uint32_t(symbol.high));
    out.words.push_back(symbol.excluded.size() << 1 | symbol.present);
    for (int32_t value : symbol.excluded)
      out.words.push_back(uint32_t(value));
  }
}

/// Two tasks are alike if their rows are and no object names either of them.
void Canonicalizer::findSame(const std::vector<std::pair<size_t, size_t>> &rows) {
  std::vector<bool> named(rows.size());
  for (uint32_t old : objectOrder)
    for (uint32_t task : state.heap[old].holders)
      if (task < newTask.size() && newTask[task] < named.size())
        named[newTask[task]] = true;
  for (size_t i = 0; i != rows.size(); ++i) {
    size_t first = i;
    for (size_t j = 0; j != i && first == i && !named[i]; ++j)
      if (!named[j] &&
          std::equal(out.words.begin() + rows[i].first, out.words.begin() + rows[i].second,
                     out.words.begin() + rows[j].first, out.words.begin() + rows[j].second))
        first = j;
    out.sameAs.push_back(uint16_t(first));
  }
}

Canonical Canonicalizer::run() {
  for (Task &task : state.tasks)
    clearDead(facts, task);
  hashAll();
  orderTasks();
  orderObjects();
  findLost();
  newSymbol.assign(state.symbols.size(), ~0u);
  if (out.taskFrom.empty() && !pending) {
    out.words.push_back(0);
    return std::move(out);
  }
  out.words.push_back(uint64_t(out.taskFrom.size()) | uint64_t(objectOrder.size()) << 32);
  std::vector<std::pair<size_t, size_t>> rows;
  for (uint16_t old : out.taskFrom) {
    size_t begin = out.words.size();
    emitTask(state.tasks[old]);
    rows.emplace_back(begin, out.words.size());
  }
  emit(state.globals);
  out.words.push_back(state.bound.word());
  for (uint32_t old : objectOrder)
    emitObject(state.heap[old]);
  emitSymbols();
  findSame(rows);
  return std::move(out);
}

class Decoder {
public:
  Decoder(const Facts &facts, const uint64_t *words) : facts(facts), next(words) {}
  State run();

private:
  uint64_t word() { return *next++; }
  Value value() { return Value::fromBits(word()); }
  Task task(uint32_t index);
  Object object();
  Symbol symbol();

  const Facts &facts;
  const uint64_t *next;
};

Task Decoder::task(uint32_t index) {
  Task task;
  uint64_t head = word();
  task.phase = Task::Phase(head & 0xff);
  task.flags = uint8_t(head >> 8);
  task.site = uint32_t(head >> 32);
  task.origin = index;
  for (unsigned i = unsigned(head >> 16) & 0xffff; i != 0; --i) {
    uint64_t place = word();
    Frame &frame = task.frames.emplace_back();
    frame.function = uint32_t(place >> 40);
    frame.block = uint32_t(place >> 16) & 0xffffff;
    frame.index = uint32_t(place) & 0xffff;
    frame.registers.resize(facts.program.functions[frame.function].registers.size());
    for (Value &each : frame.registers)
      each = value();
  }
  return task;
}

Object Decoder::object() {
  Object object;
  uint64_t head = word();
  object.kind = ObjectKind(head & 0xff);
  object.flags = uint8_t(head >> 8);
  object.values.resize(unsigned(head >> 16) & 0xffff);
  object.keys.resize(unsigned(head >> 32) & 0xffff);
  object.holders.resize(unsigned(head >> 48) & 0xffff);
  object.site = uint32_t(word());
  uint64_t numbers = word();
  object.first = int32_t(numbers >> 32);
  object.second = int32_t(uint32_t(numbers));
  object.link = value();
  for (Value &each : object.values)
    each = value();
  for (uint32_t &key : object.keys)
    key = uint32_t(word());
  for (uint32_t &holder : object.holders)
    holder = uint32_t(word());
  return object;
}

Symbol Decoder::symbol() {
  Symbol symbol;
  uint64_t range = word();
  symbol.low = int32_t(range >> 32);
  symbol.high = int32_t(uint32_t(range));
  uint64_t known = word();
  symbol.present = known & 1;
  symbol.excluded.resize(known >> 1);
  for (int32_t &each : symbol.excluded)
    each = int32_t(uint32_t(word()));
  return symbol;
}

State Decoder::run() {
  State state;
  uint64_t head = word();
  for (uint32_t i = 0; i != uint32_t(head); ++i)
    state.tasks.push_back(task(i));
  if (head == 0)
    return state;
  state.globals = value();
  state.bound = Value::fromBits(word());
  for (uint32_t i = 0; i != uint32_t(head >> 32); ++i)
    state.heap.push_back(object());
  for (uint64_t count = word(); count != 0; --count)
    state.symbols.push_back(symbol());
  return state;
}

} // namespace

void clearDead(const Facts &facts, Task &task) {
  for (size_t i = 0; i != task.frames.size(); ++i) {
    Frame &frame = task.frames[i];
    auto clear = [&](const llvm::BitVector &live) {
      for (unsigned r = 0; r != frame.registers.size(); ++r)
        if (!live.test(r))
          frame.registers[r] = Value();
    };
    Opcode op = facts.at({frame.function, frame.block, frame.index}).op;
    // A frame under the initializer of globals stands before its first instruction, not in a call.
    bool calls = op == Opcode::Call || op == Opcode::CallSlot;
    if (i + 1 == task.frames.size() || !calls)
      clear(facts.liveBefore(frame.function, frame.block, frame.index));
    else
      clear(facts.liveAcross(frame.function, frame.block, frame.index));
  }
}

Canonical canonicalize(const Facts &facts, State &state) {
  return Canonicalizer(facts, state).run();
}

State decode(const Facts &facts, const uint64_t *words) { return Decoder(facts, words).run(); }

} // namespace sluice::checker::analysis
