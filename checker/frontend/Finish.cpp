// Tidies a skeleton once it is lowered: dead blocks, edges that no throw takes, order, names.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/Finish.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <numeric>
#include <tuple>

using namespace sluice::checker::skeleton;

namespace {

void forEachTarget(Instruction &i, llvm::function_ref<void(BlockId &)> visit) {
  for (BlockId &b : i.targets)
    visit(b);
  for (SwitchCase &c : i.cases)
    visit(c.target);
  if (i.unwind)
    visit(*i.unwind);
}

void mark(Function &f, std::vector<char> &seen) {
  std::vector<BlockId> stack{0};
  seen.assign(f.blocks.size(), 0);
  seen[0] = 1;
  while (!stack.empty()) {
    Block &b = f.blocks[stack.back()];
    stack.pop_back();
    for (Instruction &i : b.code)
      forEachTarget(i, [&](BlockId &t) {
        if (!seen[t]) {
          seen[t] = 1;
          stack.push_back(t);
        }
      });
  }
}

void joinChains(Function &f) {
  std::vector<unsigned> sources(f.blocks.size());
  for (Block &b : f.blocks)
    for (Instruction &i : b.code)
      forEachTarget(i, [&](BlockId &t) { ++sources[t]; });
  for (BlockId id = 0; id != f.blocks.size(); ++id) {
    std::vector<Instruction> &code = f.blocks[id].code;
    while (!code.empty() && code.back().op == Opcode::Jump) {
      BlockId next = code.back().targets[0];
      if (next == id || next == 0 || sources[next] != 1)
        break;
      code.pop_back();
      std::vector<Instruction> rest = std::move(f.blocks[next].code);
      f.blocks[next].code.clear();
      std::move(rest.begin(), rest.end(), std::back_inserter(code));
    }
  }
}

void keepMarked(Function &f, const std::vector<char> &keep) {
  std::vector<BlockId> numbers(f.blocks.size());
  std::vector<Block> kept;
  for (BlockId id = 0; id != f.blocks.size(); ++id) {
    numbers[id] = kept.size();
    if (keep[id])
      kept.push_back(std::move(f.blocks[id]));
  }
  f.blocks = std::move(kept);
  for (Block &b : f.blocks)
    for (Instruction &i : b.code)
      forEachTarget(i, [&](BlockId &t) { t = numbers[t]; });
}

/// Whether an instruction may throw, given which functions do.
bool throws(const Instruction &i, const std::vector<char> &throwing) {
  switch (i.op) {
  case Opcode::Throw:
  case Opcode::Send:
  case Opcode::Close:
  case Opcode::CallSlot:
    return true;
  case Opcode::Select: // sending on a closed channel throws
    return llvm::any_of(i.arms, [](const SelectArm &a) { return a.kind == SelectArm::Kind::Send; });
  case Opcode::Call:
    return throwing[i.callee];
  default:
    return false;
  }
}

/// Whether a throw may leave the function; ways to unwind that no throw takes do not count.
bool letsThrowOut(const Function &f, const std::vector<char> &throwing) {
  if (f.blocks.empty())
    return false;
  Function copy = f;
  for (Block &b : copy.blocks)
    for (Instruction &i : b.code)
      if (i.unwind && !throws(i, throwing))
        i.unwind.reset();
  std::vector<char> seen;
  mark(copy, seen);
  for (BlockId id = 0; id != copy.blocks.size(); ++id)
    if (seen[id] && llvm::any_of(copy.blocks[id].code, [&](const Instruction &i) {
          return !i.unwind && throws(i, throwing);
        }))
      return true;
  return false;
}

void dropDeadUnwinds(Program &p) {
  std::vector<char> throwing(p.functions.size());
  for (bool changed = true; changed;) {
    changed = false;
    for (FunctionId id = 0; id != p.functions.size(); ++id)
      if (!throwing[id] && letsThrowOut(p.functions[id], throwing))
        throwing[id] = changed = true;
  }
  for (Function &f : p.functions) {
    for (Block &b : f.blocks)
      for (Instruction &i : b.code)
        if (i.unwind && !throws(i, throwing))
          i.unwind.reset();
    sluice::checker::frontend::removeUnreachable(f);
  }
}

/// "the lambda at line 3" is called a task where it is started as one.
void nameTasks(Program &p) {
  auto rename = [](std::string &display) {
    llvm::StringRef rest = display;
    if (rest.consume_front("the lambda "))
      display = ("the task " + rest).str();
  };
  auto isCallSlot = [&](FieldId slot) { return p.fields[slot] == "()"; };
  for (Function &f : p.functions) {
    std::vector<int64_t> made(f.registers.size(), -1);
    for (Block &b : f.blocks)
      for (Instruction &i : b.code) {
        if (i.op == Opcode::New)
          made[*i.results[0]] = i.callee;
        if (i.op != Opcode::Spawn || i.args[0].kind != Operand::Kind::Register ||
            made[i.args[0].index] < 0)
          continue;
        Class &c = p.classes[made[i.args[0].index]];
        rename(c.display);
        for (auto &[slot, function] : c.slots)
          if (isCallSlot(slot))
            rename(p.functions[function].display);
      }
  }
}

/// New numbers for a table whose entries go by place, then key.
template <class T> std::vector<uint32_t> sorted(std::vector<T> &table) {
  std::vector<uint32_t> order(table.size()), numbers(table.size());
  std::iota(order.begin(), order.end(), 0);
  llvm::sort(order, [&](uint32_t a, uint32_t b) {
    const T &x = table[a], &y = table[b];
    return std::tie(x.at.file, x.at.line, x.at.column, x.key, a) <
           std::tie(y.at.file, y.at.line, y.at.column, y.key, b);
  });
  std::vector<T> result;
  for (uint32_t i = 0; i != order.size(); ++i) {
    numbers[order[i]] = i;
    result.push_back(std::move(table[order[i]]));
  }
  table = std::move(result);
  return numbers;
}

void renumber(Operand &o, const std::vector<uint32_t> &functions) {
  if (o.kind == Operand::Kind::Function)
    o.index = functions[o.index];
}

void renumber(Instruction &i, const std::vector<uint32_t> &functions,
              const std::vector<uint32_t> &classes) {
  if (i.op == Opcode::Call)
    i.callee = functions[i.callee];
  if (i.op == Opcode::New)
    i.callee = classes[i.callee];
  for (Operand &o : i.args)
    renumber(o, functions);
  for (SelectArm &a : i.arms) {
    renumber(a.channel, functions);
    renumber(a.value, functions);
  }
}

void sortProgram(Program &p) {
  std::vector<uint32_t> functions = sorted(p.functions), classes = sorted(p.classes);
  for (Class &c : p.classes)
    for (auto &[slot, function] : c.slots)
      function = functions[function];
  for (Function &f : p.functions)
    for (Block &b : f.blocks)
      for (Instruction &i : b.code)
        renumber(i, functions, classes);
  if (p.globalInit)
    p.globalInit = functions[*p.globalInit];
}

} // namespace

void sluice::checker::frontend::removeUnreachable(Function &f) {
  if (f.blocks.empty())
    return;
  std::vector<char> seen;
  mark(f, seen);
  keepMarked(f, seen);
  joinChains(f);
  mark(f, seen);
  keepMarked(f, seen);
}

void sluice::checker::frontend::finishProgram(Program &p) {
  dropDeadUnwinds(p);
  nameTasks(p);
  sortProgram(p);
}
