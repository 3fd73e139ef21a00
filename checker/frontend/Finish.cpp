// Tidies a skeleton once it is lowered: dead blocks, edges that no throw takes, order, names.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/Finish.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <map>
#include <numeric>
#include <set>
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

/// The blocks that can be reached, in the order in which a reader meets them.
std::vector<BlockId> reached(Function &f) {
  std::vector<BlockId> stack{0}, order;
  std::vector<char> seen(f.blocks.size());
  while (!stack.empty()) {
    BlockId id = stack.back();
    stack.pop_back();
    if (seen[id])
      continue;
    seen[id] = 1;
    order.push_back(id);
    std::vector<BlockId> next;
    for (Instruction &i : f.blocks[id].code)
      forEachTarget(i, [&](BlockId &t) { next.push_back(t); });
    stack.insert(stack.end(), next.rbegin(), next.rend());
  }
  return order;
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

/// Keeps the blocks of `order`, numbered by it.
void keepInOrder(Function &f, const std::vector<BlockId> &order) {
  std::vector<BlockId> numbers(f.blocks.size());
  std::vector<Block> kept;
  for (BlockId id : order) {
    numbers[id] = kept.size();
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
  case Opcode::CallSlot:
    return true;
  case Opcode::Send:
  case Opcode::Close:
    return !(i.flags & (Quiet | Anyway));
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
  return llvm::any_of(reached(copy), [&](BlockId id) {
    return llvm::any_of(copy.blocks[id].code,
                        [&](const Instruction &i) { return !i.unwind && throws(i, throwing); });
  });
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
          made[*i.result()] = i.callee;
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

void renumber(Class &c, const std::vector<uint32_t> &functions) {
  for (auto &[slot, function] : c.slots)
    function = functions[function];
  for (FunctionId &each : c.methods)
    each = functions[each];
  if (!c.interface)
    return;
  for (FunctionId &each : c.interface->constructors)
    each = functions[each];
  for (FunctionId &each : c.interface->methods)
    each = functions[each];
  c.interface->destructor = functions[c.interface->destructor];
}

/// How the locks that are kept in a field are set up.
struct LockFields {
  std::set<FieldId> plain, other;
};

/// The fields that the registers of a block were loaded from last.
using LoadedFrom = std::map<Register, FieldId>;

std::optional<FieldId> fieldOf(const LoadedFrom &loaded, const Operand &operand) {
  auto known = operand.kind == Operand::Kind::Register ? loaded.find(operand.index) : loaded.end();
  return known == loaded.end() ? std::nullopt : std::optional(known->second);
}

template <typename Visit> void eachWithFields(Program &p, Visit visit) {
  for (Function &f : p.functions)
    for (Block &b : f.blocks) {
      LoadedFrom loaded;
      for (Instruction &i : b.code) {
        visit(i, loaded);
        if (i.op == Opcode::Load && i.result())
          loaded[*i.result()] = i.callee;
      }
    }
}

/// A lock whose type says nothing of who may take it again is plain if it is kept in a field, and
/// the locks of that field are all set up as plain ones.
void settleKinds(Program &p) {
  LockFields known;
  eachWithFields(p, [&](Instruction &i, const LoadedFrom &loaded) {
    std::optional<FieldId> field;
    if (i.op == Opcode::Reset)
      field = fieldOf(loaded, i.args[0]);
    if (!field)
      return;
    bool plain = i.args[1].kind == Operand::Kind::Integer && i.args[1].value == 0;
    (plain ? known.plain : known.other).insert(*field);
  });
  eachWithFields(p, [&](Instruction &i, const LoadedFrom &loaded) {
    if (i.op != Opcode::Lock)
      return;
    std::optional<FieldId> field = fieldOf(loaded, i.args[0]);
    if (field && known.plain.count(*field) && !known.other.count(*field))
      i.flags &= ~uint32_t(Recursive);
  });
}

void sortProgram(Program &p) {
  std::vector<uint32_t> functions = sorted(p.functions), classes = sorted(p.classes);
  for (Class &c : p.classes)
    renumber(c, functions);
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
  keepInOrder(f, reached(f));
  joinChains(f);
  keepInOrder(f, reached(f));
}

void sluice::checker::frontend::finishProgram(Program &p) {
  dropDeadUnwinds(p);
  nameTasks(p);
  settleKinds(p);
  sortProgram(p);
}
