// Brings a state into its canonical form, a row of words, and back.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/explore/Facts.h"
#include "analysis/explore/State.h"

#include <vector>

namespace sluice::checker::analysis {

/// The canonical form of a state: equal rows are equal states, up to the names of tasks, objects
/// and symbols.
struct Canonical {
  std::vector<uint64_t> words;
  std::vector<uint16_t> taskFrom; ///< by new task: its index in the state it was made from
  std::vector<uint16_t> sameAs;   ///< by new task: the first task that nothing tells apart from it
  std::vector<uint32_t> lost;     ///< sites of cancellers that nothing holds any more and nobody
                                  ///< called, and of thread handles that nobody joined or detached
};

/// Clears the registers that a task reads no more: they must not keep an object shared, or alive.
void clearDead(const Facts &facts, Task &task);

/// Clears what is not read again, drops what cannot be reached, and orders the rest. Keeps its
/// memory from one state to the next.
class Canonicalizer {
public:
  explicit Canonicalizer(const Facts &facts) : facts(facts) {}
  /// Valid until the next call.
  const Canonical &operator()(State &state);

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
  void emitAll();
  void emitTask(const Task &task);
  void emitObject(const Object &object);
  void emitSymbols();
  void findSame();

  const Facts &facts;
  State *state = nullptr;
  Canonical out;
  std::vector<uint64_t> objectHash, nextHash;
  std::vector<uint64_t> taskHash;
  std::vector<uint16_t> taskOrder;
  std::vector<uint32_t> newObject;
  std::vector<uint32_t> objectOrder;
  std::vector<uint32_t> newTask;
  std::vector<uint32_t> newSymbol;
  std::vector<uint32_t> symbolOrder;
  std::vector<std::pair<size_t, size_t>> rows; ///< by new task: its words
  std::vector<bool> named;                     ///< by new task: whether an object names it
  bool pending = false;                        ///< a timer will still start a task
};

/// The inverse; every task's origin is its index.
void decode(const Facts &facts, const uint64_t *words, State &state);

} // namespace sluice::checker::analysis
