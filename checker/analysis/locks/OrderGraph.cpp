// Counts what locks a way may hold, class by class, and follows orders round.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ways that meet keep the larger count, a lock that is taken twice is never given back, and every
// possible target of a call counts: what FunctionRun finds on a way is found here as well.
#include "analysis/locks/OrderGraph.h"

#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace sluice::checker::analysis {
using namespace skeleton;
namespace {

constexpr int8_t Many = 2;

int8_t sum(int8_t held, int8_t change) {
  if (held == Many || change == Many)
    return Many;
  return int8_t(std::clamp(held + change, -1, int(Many)));
}

bool takes(const Instruction &instruction) {
  return instruction.op == Opcode::Lock || instruction.op == Opcode::Unlock;
}

} // namespace

OrderGraph::OrderGraph(const Facts &facts, const Aliases &aliases, const FieldFlow &flow)
    : program(facts.program), facts(facts), aliases(aliases), flow(flow) {
  classify();
  findCallers();
  findOrders();
  findCircles();
}

/// Two locks of one field are told apart by objects, which aliases keep apart only at times. A lock
/// may be handed on by the place that holds it. Guards and their like only refer to locks.
void OrderGraph::classify() {
  for (uint32_t f = 0; f != program.functions.size(); ++f)
    for (const Block &block : program.functions[f].blocks)
      for (const Instruction &instruction : block.code)
        if (takes(instruction))
          if (std::optional<Aliases::Node> node = aliases.ofOperand(f, instruction.args[0]))
            classes.try_emplace(*node, 0);
  llvm::EquivalenceClasses<uint64_t> same;
  constexpr uint64_t Field = uint64_t(1) << 32;
  for (const auto &[node, number] : classes)
    same.insert(node);
  for (const Aliases::Held &each : aliases.contents()) {
    if (each.key == Aliases::Pointee && classes.count(each.object))
      same.unionSets(each.object, each.place);
    if (each.key == Aliases::Pointee || aliases.isOfModel(each.object))
      continue;
    same.unionSets(each.place, Field | (each.key == Aliases::Keys ? Aliases::Elements : each.key));
    if (classes.count(each.content))
      same.unionSets(each.place, each.content);
  }
  std::map<uint64_t, uint32_t> numbers;
  for (auto &[node, number] : classes)
    number = numbers.try_emplace(same.getLeaderValue(node), uint32_t(numbers.size())).first->second;
  count = unsigned(numbers.size());
}

uint32_t OrderGraph::classOf(uint32_t f, const Instruction &instruction) const {
  std::optional<Aliases::Node> node = aliases.ofOperand(f, instruction.args[0]);
  return node ? classes.at(*node) : count;
}

/// As FunctionRun finds them, and those that it finds too many of.
std::vector<uint32_t> OrderGraph::targets(uint32_t f, const Instruction &instruction) const {
  llvm::SmallVector<uint32_t, 1> known = aliases.targets(f, instruction);
  bool isMethod = instruction.op == Opcode::CallSlot && (instruction.flags & Virtual);
  if (known.empty() && isMethod)
    return facts.callees(f, instruction);
  return known.empty() ? flow.targets(f, instruction)
                       : std::vector<uint32_t>(known.begin(), known.end());
}

void OrderGraph::findCallers() {
  callers.resize(program.functions.size());
  for (uint32_t f = 0; f != program.functions.size(); ++f)
    for (const Block &block : program.functions[f].blocks)
      for (const Instruction &instruction : block.code)
        for (uint32_t callee : targets(f, instruction))
          callers[callee].push_back(f);
}

/// Those, and those that call or start one of them.
llvm::BitVector OrderGraph::functionsThat(llvm::function_ref<bool(uint32_t)> matches) const {
  llvm::BitVector found(unsigned(program.functions.size()));
  std::vector<uint32_t> work;
  auto add = [&](uint32_t f) {
    if (!found.test(f))
      work.push_back(f);
    found.set(f);
  };
  for (uint32_t f = 0; f != program.functions.size(); ++f)
    if (matches(f))
      add(f);
  while (!work.empty()) {
    uint32_t f = work.back();
    work.pop_back();
    for (uint32_t caller : callers[f])
      add(caller);
  }
  return found;
}

/// One pass over a function with what is known of those it calls.
class OrderGraph::Run {
public:
  Run(OrderGraph &graph, uint32_t function)
      : graph(graph), function(function), mine(graph.effects[function]) {}
  /// Whether more is known than before.
  bool operator()();

private:
  void follow(uint32_t block);
  void step(const Instruction &instruction, Counts &counts);
  void call(const Instruction &instruction, Counts &counts);
  void wait(const Counts &counts, const llvm::BitVector &wanted);
  void enter(uint32_t block, const Counts &counts);
  /// Keeps the larger counts; says whether any was.
  static bool merge(std::optional<Counts> &into, const Counts &counts);

  OrderGraph &graph;
  uint32_t function;
  Effects &mine;
  std::vector<std::optional<Counts>> before;
  std::vector<uint32_t> work;
  bool changed = false;
};

bool OrderGraph::Run::merge(std::optional<Counts> &into, const Counts &counts) {
  if (!into) {
    into = counts;
    return true;
  }
  bool more = false;
  for (size_t c = 0; c != counts.size(); ++c) {
    more |= counts[c] > (*into)[c];
    (*into)[c] = std::max((*into)[c], counts[c]);
  }
  return more;
}

void OrderGraph::Run::enter(uint32_t block, const Counts &counts) {
  if (merge(before[block], counts))
    work.push_back(block);
}

bool OrderGraph::Run::operator()() {
  before.resize(graph.program.functions[function].blocks.size());
  if (!before.empty())
    enter(0, Counts(graph.count, 0));
  while (!work.empty()) {
    uint32_t block = work.back();
    work.pop_back();
    follow(block);
  }
  return changed;
}

void OrderGraph::Run::follow(uint32_t block) {
  Counts counts = *before[block];
  for (const Instruction &instruction : graph.program.functions[function].blocks[block].code) {
    if (instruction.unwind)
      enter(*instruction.unwind, counts);
    step(instruction, counts);
    if (instruction.unwind)
      enter(*instruction.unwind, counts);
    if (instruction.op == Opcode::Return ||
        (instruction.op == Opcode::Throw && !instruction.unwind))
      changed |= merge(mine.exit, counts);
    for (BlockId target : instruction.targets)
      enter(target, counts);
    for (const SwitchCase &each : instruction.cases)
      enter(each.target, counts);
  }
}

void OrderGraph::Run::step(const Instruction &instruction, Counts &counts) {
  if (instruction.op == Opcode::Call || instruction.op == Opcode::CallSlot)
    return call(instruction, counts);
  if (!takes(instruction))
    return;
  uint32_t lock = graph.classOf(function, instruction);
  if (lock == graph.count)
    return;
  if (instruction.op == Opcode::Lock && !(instruction.flags & (Try | Timed))) {
    llvm::BitVector wanted(graph.count);
    wanted.set(lock);
    wait(counts, wanted);
  }
  counts[lock] = sum(counts[lock], instruction.op == Opcode::Lock ? 1 : -1);
}

void OrderGraph::Run::call(const Instruction &instruction, Counts &counts) {
  std::optional<Counts> exits;
  for (uint32_t callee : graph.targets(function, instruction)) {
    const Effects &effects = graph.effects[callee];
    bool inSight = !graph.program.functions[callee].blocks.empty();
    if (graph.relevant.test(callee)) {
      wait(counts, effects.waits);
      if (effects.exit)
        merge(exits, *effects.exit);
    } else if (inSight) {
      merge(exits, Counts(graph.count, 0));
    }
  }
  for (size_t c = 0; exits && c != counts.size(); ++c)
    counts[c] = sum(counts[c], (*exits)[c]);
}

void OrderGraph::Run::wait(const Counts &counts, const llvm::BitVector &wanted) {
  changed |= wanted.test(mine.waits);
  mine.waits |= wanted;
  for (size_t c = 0; c != counts.size(); ++c)
    if (counts[c] > 0) {
      changed |= wanted.test(mine.whileHeld[c]);
      mine.whileHeld[c] |= wanted;
    }
}

void OrderGraph::findOrders() {
  relevant = functionsThat([&](uint32_t f) {
    return llvm::any_of(program.functions[f].blocks,
                        [](const Block &block) { return llvm::any_of(block.code, takes); });
  });
  effects.resize(program.functions.size());
  for (unsigned f : relevant.set_bits())
    effects[f] = {llvm::BitVector(count), std::nullopt,
                  std::vector<llvm::BitVector>(count, llvm::BitVector(count))};
  for (bool more = true; more;) {
    more = false;
    for (unsigned f : relevant.set_bits())
      more |= Run(*this, f)();
  }
}

/// Code out of sight may release a lock that it is handed.
bool OrderGraph::touchesSome(uint32_t f, const llvm::BitVector &inCircle) const {
  auto isOne = [&](const Operand &operand) {
    std::optional<Aliases::Node> node = aliases.ofOperand(f, operand);
    auto known = node ? classes.find(*node) : classes.end();
    return known != classes.end() && inCircle.test(known->second);
  };
  for (const Block &block : program.functions[f].blocks)
    for (const Instruction &instruction : block.code) {
      bool handsOn = instruction.op >= Opcode::Call && instruction.op <= Opcode::Escape;
      if ((handsOn || takes(instruction)) && llvm::any_of(instruction.args, isOne))
        return true;
    }
  return false;
}

bool OrderGraph::leavesOthers(uint32_t f) const {
  return effects[f].exit && llvm::any_of(*effects[f].exit, [](int8_t held) { return held != 0; });
}

void OrderGraph::findCircles() {
  // By class: those that come after it, over any number of orders.
  std::vector<llvm::BitVector> after(count, llvm::BitVector(count));
  for (unsigned f : relevant.set_bits())
    for (unsigned c = 0; c != count; ++c)
      after[c] |= effects[f].whileHeld[c];
  for (unsigned by = 0; by != count; ++by)
    for (unsigned from = 0; from != count; ++from)
      if (after[from].test(by))
        after[from] |= after[by];
  llvm::BitVector inCircle(count);
  for (unsigned c = 0; c != count; ++c)
    inCircle[c] = after[c].test(c);
  auto adds = [&](uint32_t f, bool ofOneClass) {
    if (!relevant.test(f))
      return false;
    for (unsigned c : inCircle.set_bits())
      for (unsigned next : effects[f].whileHeld[c].set_bits())
        if (after[next].test(c) && (next == c) == ofOneClass)
          return true;
    return false;
  };
  circling = functionsThat([&](uint32_t f) { return adds(f, false); });
  exchanging = functionsThat([&](uint32_t f) { return adds(f, true); });
  touching = functionsThat([&](uint32_t f) { return touchesSome(f, inCircle); });
  for (unsigned f : relevant.set_bits())
    touching[f] = touching[f] || leavesOthers(f);
}

} // namespace sluice::checker::analysis
