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

uint64_t place(const Frame &frame) {
  return uint64_t(frame.function) << 40 | uint64_t(frame.block) << 16 | frame.index;
}

/// The registers of a frame that are read again. The others are dead, and no part of the state.
const std::vector<Register> &held(const Facts &facts, const Task &task, const Frame &frame) {
  return facts.held({frame.function, frame.block, frame.index}, &frame != &task.top());
}

} // namespace

uint64_t Canonicalizer::hashValue(Value value) const {
  if (value.refers())
    return mix(objectHash[value.index()], uint64_t(value.extra()));
  if (value.is(Value::Kind::Free))
    return mix(0x51, uint64_t(value.extra()));
  return value.word();
}

uint64_t Canonicalizer::hashTask(const Task &task) const {
  uint64_t hash = mix(task.site, uint64_t(task.phase) << 8 | task.flags);
  hash = mix(hash, hashValue(task.thread));
  hash = mix(hash, hashValue(task.context));
  for (const Frame &frame : task.frames) {
    hash = mix(hash, place(frame));
    for (Register r : held(facts, task, frame))
      hash = mix(hash, hashValue(frame.registers[r]));
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
  objectHash.assign(state->heap.size(), 1);
  taskHash.assign(state->tasks.size(), 1);
  for (int round = 0; round != 3; ++round) {
    nextHash.resize(state->heap.size());
    for (size_t i = 0; i != state->heap.size(); ++i)
      nextHash[i] = hashObject(state->heap[i]);
    for (size_t i = 0; i != state->tasks.size(); ++i)
      taskHash[i] = hashTask(state->tasks[i]);
    std::swap(objectHash, nextHash);
  }
}

void Canonicalizer::orderTasks() {
  taskOrder.resize(state->tasks.size());
  std::iota(taskOrder.begin(), taskOrder.end(), 0);
  std::sort(taskOrder.begin(), taskOrder.end(), [&](uint16_t a, uint16_t b) {
    return std::pair(taskHash[a], a) < std::pair(taskHash[b], b);
  });
  newTask.assign(state->tasks.size(), EndedTask);
  for (uint16_t old : taskOrder)
    if (!state->tasks[old].ended) {
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
  newObject.assign(state->heap.size(), ~0u);
  size_t next = 0;
  auto drain = [&] {
    for (; next != objectOrder.size(); ++next)
      eachValue(state->heap[objectOrder[next]], 0, [&](Value value) { reach(value); });
  };
  reach(state->globals);
  drain();
  for (uint16_t old : out.taskFrom) {
    eachValue(state->tasks[old], [&](Value value) { reach(value); });
    drain();
  }
  // A timer that will start a task lives until then, though nothing may hold it.
  for (uint32_t i = 0; i != state->heap.size(); ++i)
    if (state->heap[i].startsTask())
      pending = true, reach(Value::object(i));
  // A lock that is never touched again is held still, which shows as the holder ends.
  for (uint32_t i = 0; i != state->heap.size(); ++i) {
    const Object &it = state->heap[i];
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
    for (; context.is(Value::Kind::Object); context = state->heap[context.index()].link)
      if (state->heap[context.index()].first)
        return true;
    return false;
  };
  for (uint32_t i = 0; i != state->heap.size(); ++i) {
    const Object &object = state->heap[i];
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
  if (task.flags & Task::Fiber)
    emit(task.thread);
  emit(task.context);
  for (const Frame &frame : task.frames) {
    out.words.push_back(place(frame));
    for (Register r : held(facts, task, frame))
      emit(frame.registers[r]);
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
  if (object.kind != ObjectKind::Thread)
    llvm::sort(holders);
  for (uint32_t holder : holders)
    out.words.push_back(holder);
}

void Canonicalizer::emitSymbols() {
  out.words.push_back(symbolOrder.size());
  for (uint32_t id : symbolOrder) {
    Symbol &symbol = state->symbols[id];
    llvm::sort(symbol.excluded);
    out.words.push_back(uint64_t(uint32_t(symbol.low)) << 32 | uint32_t(symbol.high));
    out.words.push_back(symbol.excluded.size() << 1 | symbol.present);
    for (int32_t value : symbol.excluded)
      out.words.push_back(uint32_t(value));
  }
}

/// Two tasks are alike if their rows are and no object names either of them.
void Canonicalizer::findSame() {
  named.assign(rows.size(), false);
  for (uint32_t old : objectOrder)
    for (uint32_t task : state->heap[old].holders)
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

void Canonicalizer::emitAll() {
  newSymbol.assign(state->symbols.size(), ~0u);
  out.words.push_back(uint64_t(out.taskFrom.size()) | uint64_t(objectOrder.size()) << 32);
  for (uint16_t old : out.taskFrom) {
    size_t begin = out.words.size();
    emitTask(state->tasks[old]);
    rows.emplace_back(begin, out.words.size());
  }
  emit(state->globals);
  out.words.push_back(state->bound.word());
  for (uint32_t old : objectOrder)
    emitObject(state->heap[old]);
  emitSymbols();
  findSame();
}

const Canonical &Canonicalizer::operator()(State &given) {
  state = &given;
  for (auto *list : {&objectOrder, &symbolOrder, &out.lost})
    list->clear();
  for (auto *list : {&out.taskFrom, &out.sameAs})
    list->clear();
  out.words.clear();
  rows.clear();
  pending = false;
  for (Task &task : state->tasks)
    clearDead(facts, task);
  hashAll();
  orderTasks();
  orderObjects();
  findLost();
  if (out.taskFrom.empty() && !pending)
    out.words.push_back(0);
  else
    emitAll();
  return out;
}

namespace {

class Decoder {
public:
  Decoder(const Facts &facts, const uint64_t *words) : facts(facts), next(words) {}
  void read(State &state);

private:
  uint64_t word() { return *next++; }
  Value value() { return Value::fromBits(word()); }
  void read(Task &task);
  void read(Object &object);
  void read(Symbol &symbol);

  const Facts &facts;
  const uint64_t *next;
};

void Decoder::read(Task &task) {
  uint64_t head = word();
  task.phase = Task::Phase(head & 0xff);
  task.flags = uint8_t(head >> 8);
  task.site = uint32_t(head >> 32);
  task.running = task.moved = task.ended = false;
  task.thread = task.flags & Task::Fiber ? value() : Value();
  task.context = value();
  task.frames.resize(unsigned(head >> 16) & 0xffff);
  for (Frame &frame : task.frames) {
    uint64_t place = word();
    frame.function = uint32_t(place >> 40);
    frame.block = uint32_t(place >> 16) & 0xffffff;
    frame.index = uint32_t(place) & 0xffff;
    frame.registers.assign(facts.program.functions[frame.function].registers.size(), Value());
    for (Register r : held(facts, task, frame))
      frame.registers[r] = value();
  }
}

void Decoder::read(Object &object) {
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
}

void Decoder::read(Symbol &symbol) {
  uint64_t range = word();
  symbol.low = int32_t(range >> 32);
  symbol.high = int32_t(uint32_t(range));
  uint64_t known = word();
  symbol.present = known & 1;
  symbol.excluded.resize(known >> 1);
  for (int32_t &each : symbol.excluded)
    each = int32_t(uint32_t(word()));
}

void Decoder::read(State &state) {
  uint64_t head = word();
  state.tasks.resize(uint32_t(head));
  state.heap.resize(uint32_t(head >> 32));
  state.symbols.clear();
  state.globals = state.bound = Value();
  for (uint32_t i = 0; i != state.tasks.size(); ++i) {
    read(state.tasks[i]);
    state.tasks[i].origin = i;
  }
  if (head == 0)
    return;
  state.globals = value();
  state.bound = value();
  for (Object &object : state.heap)
    read(object);
  state.symbols.resize(word());
  for (Symbol &symbol : state.symbols)
    read(symbol);
}

} // namespace

void clearDead(const Facts &facts, Task &task) {
  for (Frame &frame : task.frames) {
    const std::vector<Register> &kept = held(facts, task, frame);
    auto next = kept.begin();
    for (Register r = 0; r != frame.registers.size(); ++r)
      if (next != kept.end() && *next == r)
        ++next;
      else
        frame.registers[r] = Value();
  }
}

void decode(const Facts &facts, const uint64_t *words, State &state) {
  Decoder(facts, words).read(state);
}

} // namespace sluice::checker::analysis
