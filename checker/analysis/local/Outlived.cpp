// Finds tasks that refer to locals which end before anything has waited for the task.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A dataflow over one function. From where a task starts with a reference to a local, the task is
// loose until the function waits for whatever it be: then an order may be given, and is not
// questioned here. A loop that waits in its body is taken to run at least once: it goes as often as
// tasks were started. A local that ends while such a task is loose is outlived. Exceptions count
// where they are thrown in the function itself.
#include "analysis/local/Local.h"

#include <map>

namespace sluice::checker::analysis {
using namespace skeleton;
namespace {

/// A start of a task (by block and index), and the register of a local that it refers to.
struct Loan {
  uint32_t block, index;
  Register local;
  bool joinable; ///< a thread whose handle is still there
  auto operator<=>(const Loan &) const = default;
};

class OutlivedFinder {
public:
  OutlivedFinder(const Facts &facts, const Abilities &able, uint32_t f)
      : facts(facts), able(able), f(f), function(facts.program.functions[f]) {}
  void run(std::vector<Verdict> &verdicts);

private:
  using Loans = std::set<Loan>;
  void findReferences();
  bool spread(const Instruction &instruction);
  void step(uint32_t block, uint32_t index, Loans &loose);
  llvm::SmallVector<uint32_t, 4> successors(uint32_t block) const;
  std::vector<bool> reachableFrom(uint32_t block) const;
  bool skipsWaitingLoop(uint32_t from, uint32_t to) const;
  void report(const Loan &loan, const Instruction &end, std::vector<Verdict> &verdicts) const;

  const Facts &facts;
  const Abilities &able;
  const uint32_t f;
  const Function &function;
  std::map<Register, std::set<Register>> refersTo;
  std::map<Loan, const Instruction *> ended;
};

bool OutlivedFinder::spread(const Instruction &instruction) {
  auto add = [&](const Operand &from, std::optional<Register> to) {
    if (from.kind != Operand::Kind::Register || !to || !refersTo.count(from.index))
      return false;
    std::set<Register> &known = refersTo[*to];
    size_t before = known.size();
    std::set<Register> more = refersTo[from.index];
    known.insert(more.begin(), more.end());
    return known.size() != before;
  };
  switch (instruction.op) {
  case Opcode::Copy:
  case Opcode::AddressOf:
    return add(instruction.args[0], instruction.result());
  case Opcode::Store:
    return instruction.args[0].kind == Operand::Kind::Register &&
           add(instruction.args[1], Register(instruction.args[0].index));
  default:
    return false;
  }
}

void OutlivedFinder::findReferences() {
  for (const Block &block : function.blocks)
    for (const Instruction &instruction : block.code)
      if (instruction.op == Opcode::EndLocal && instruction.args[0].kind == Operand::Kind::Register)
        refersTo[instruction.args[0].index].insert(instruction.args[0].index);
  for (bool changed = !refersTo.empty(); changed;) {
    changed = false;
    for (const Block &block : function.blocks)
      for (const Instruction &instruction : block.code)
        changed |= spread(instruction);
  }
}

void OutlivedFinder::step(uint32_t block, uint32_t index, Loans &loose) {
  const Instruction &instruction = function.blocks[block].code[index];
  if (instruction.op == Opcode::Spawn && !(instruction.flags & Daemon)) {
    for (const Operand &operand : instruction.args)
      if (auto known = refersTo.find(operand.index);
          operand.kind == Operand::Kind::Register && known != refersTo.end())
        for (Register local : known->second)
          loose.insert({block, index, local, (instruction.flags & Thread) != 0});
    return;
  }
  if (able.mayWait(f, instruction))
    return loose.clear();
  if (instruction.op == Opcode::Detach) {
    Loans detached;
    for (Loan loan : loose) {
      loan.joinable = false;
      detached.insert(loan);
    }
    loose = std::move(detached);
  }
  if (instruction.op != Opcode::EndLocal || instruction.args[0].kind != Operand::Kind::Register)
    return;
  for (const Loan &loan : loose)
    if (loan.local == instruction.args[0].index && !loan.joinable)
      ended.try_emplace(loan, &instruction);
}

llvm::SmallVector<uint32_t, 4> OutlivedFinder::successors(uint32_t block) const {
  const Instruction &last = function.blocks[block].code.back();
  llvm::SmallVector<uint32_t, 4> next(last.targets.begin(), last.targets.end());
  for (const SwitchCase &each : last.cases)
    next.push_back(each.target);
  if (last.op == Opcode::Throw && last.unwind)
    next.push_back(*last.unwind);
  return next;
}

/// The block itself only where it is in a cycle.
std::vector<bool> OutlivedFinder::reachableFrom(uint32_t block) const {
  std::vector<bool> seen(function.blocks.size());
  std::vector<uint32_t> work{block};
  while (!work.empty()) {
    uint32_t b = work.back();
    work.pop_back();
    for (uint32_t to : successors(b))
      if (!seen[to]) {
        seen[to] = true;
        work.push_back(to);
      }
  }
  return seen;
}

/// Whether an edge leaves a loop from its head, and the loop waits.
bool OutlivedFinder::skipsWaitingLoop(uint32_t from, uint32_t to) const {
  if (function.blocks[from].code.back().op != Opcode::Branch)
    return false;
  std::vector<bool> after = reachableFrom(from);
  if (!after[from] || reachableFrom(to)[from])
    return false;
  bool waits = false, isHead = false;
  for (uint32_t b = 0; b != function.blocks.size(); ++b) {
    bool inside = after[b] && reachableFrom(b)[from];
    isHead |= !inside && llvm::is_contained(successors(b), from);
    waits |= inside && llvm::any_of(function.blocks[b].code, [&](const Instruction &instruction) {
               return able.mayWait(f, instruction);
             });
  }
  return waits && isHead;
}

void OutlivedFinder::report(const Loan &loan, const Instruction &end,
                            std::vector<Verdict> &verdicts) const {
  Verdict verdict = aboutStart(facts.program, {f, loan.block, loan.index}, Defect::OutlivedLocal);
  verdict.subject = end.name;
  Step last{};
  last.kind = Step::Kind::LocalEnd;
  last.function = f;
  last.at = end.at;
  last.detail = end.name;
  verdict.witness.push_back(last);
  verdicts.push_back(std::move(verdict));
}

void OutlivedFinder::run(std::vector<Verdict> &verdicts) {
  findReferences();
  if (refersTo.empty())
    return;
  std::vector<Loans> at(function.blocks.size());
  std::vector<bool> seen(function.blocks.size());
  std::vector<uint32_t> work{0};
  seen[0] = true;
  while (!work.empty()) {
    uint32_t b = work.back();
    work.pop_back();
    Loans loose = at[b];
    const Block &block = function.blocks[b];
    for (uint32_t i = 0; i != block.code.size(); ++i)
      step(b, i, loose);
    for (uint32_t to : successors(b)) {
      size_t before = at[to].size();
      if (loose.empty() || !skipsWaitingLoop(b, to))
        at[to].insert(loose.begin(), loose.end());
      if (seen[to] && at[to].size() == before)
        continue;
      seen[to] = true;
      work.push_back(to);
    }
  }
  std::set<std::pair<uint32_t, uint32_t>> told; // one finding a start
  for (const auto &[loan, end] : ended)
    if (told.insert({loan.block, loan.index}).second)
      report(loan, *end, verdicts);
}

} // namespace

void findOutlived(const Facts &facts, const Abilities &able, uint32_t function,
                  std::vector<Verdict> &verdicts) {
  if (!facts.program.functions[function].blocks.empty())
    OutlivedFinder(facts, able, function).run(verdicts);
}

} // namespace sluice::checker::analysis
