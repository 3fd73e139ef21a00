// Pairs what a library's entries hold with what they wait for, and looks for cycles.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An order is a lock that an entry holds while it waits for another. Anybody may run entries at the
// same time, so orders that make a circle are a deadlock, unless both sides hold a common lock, or
// only share the locks. Locks are told apart by type and field. Two locks of one field are a cycle
// only where one entry hands its objects on in both orders, and nothing compares them first.
#include "analysis/locks/OrderCycles.h"

#include "analysis/explore/Witness.h"
#include "analysis/locks/OwnLocks.h"
#include "analysis/locks/Summaries.h"

#include <algorithm>
#include <tuple>

namespace sluice::checker::analysis {
using namespace skeleton;
namespace {

/// More orders than this are compared no further.
constexpr size_t MostOrders = 400;
constexpr size_t LongestCycle = 4;
/// That one entry takes two locks of a field both ways round is rare, that it may seem so is not.
constexpr uint64_t StepsForExchanges = 5'000;

struct Order {
  uint32_t entry;
  HeldLock first, second;
  std::vector<HeldLock> held; ///< besides the first
  std::vector<std::pair<Paths::Id, Paths::Id>> compared;
};

class CycleFinder {
public:
  CycleFinder(const Facts &facts, const FieldFlow &flow, const OrderGraph &bound,
              const OwnLocks &own, std::vector<Verdict> &known, std::set<uint32_t> &sites);
  void run();

private:
  // Orders
  void findCalled();
  void findClosed();
  bool isOpen(uint32_t function) const;
  HeldLock identified(HeldLock lock) const;
  void addOrders(uint32_t entry);
  void addCallersLocks();

  // Cycles
  bool follows(const Order &a, const Order &b) const;
  bool isExchange(const Order &a, const Order &b) const;
  bool wereCompared(const Order &order) const;
  bool excluded(const Order &a, const Order &b) const;
  bool fits(const std::vector<uint32_t> &cycle, uint32_t next) const;
  void grow(std::vector<uint32_t> &cycle, size_t length);
  bool isKnown(const std::vector<uint32_t> &cycle) const;

  // Locks that are taken twice
  bool isTakenTwice(const HeldLock &first, const HeldLock &second) const;
  bool passesKept(const Chain &chain) const;

  // Telling
  void reportTwice(uint32_t entry, const HeldLock &first, const HeldLock &second);
  void report(const std::vector<uint32_t> &cycle);
  void tell(Verdict &verdict, uint32_t task, const Chain &chain, size_t from, Step::Kind last,
            const PrimitiveRef &on) const;
  PrimitiveRef primitive(const Order &order, Paths::Id path, bool byObject) const;
  std::string nameOf(uint32_t entry, Paths::Id path, bool byObject) const;
  void findMakings();
  const Instruction &at(const Chain &chain) const { return facts.at(chain.back()); }

  const Facts &facts;
  const Program &program;
  std::vector<Verdict> &verdicts;
  std::set<uint32_t> &sites;
  const FieldFlow &flow;
  const OrderGraph &bound;
  const OwnLocks &own;
  LockSummaries summaries;
  Paths &paths;
  std::vector<bool> closed; ///< functions that a program's entry runs: exploration judges them
  std::vector<bool> called; ///< functions that code in sight calls
  std::vector<Order> orders;
  std::vector<std::vector<uint32_t>> next; ///< by order: those that may come after it in a cycle
  std::set<std::set<Paths::Id>> told;
  std::map<uint32_t, uint32_t> makings; ///< by field: the site of the lock, 0: several
};

CycleFinder::CycleFinder(const Facts &facts, const FieldFlow &flow, const OrderGraph &bound,
                         const OwnLocks &own, std::vector<Verdict> &known,
                         std::set<uint32_t> &sites)
    : facts(facts), program(facts.program), verdicts(known), sites(sites), flow(flow), bound(bound),
      own(own), summaries(facts, flow, bound), paths(summaries.paths) {}

void CycleFinder::findCalled() {
  called.resize(program.functions.size());
  for (uint32_t f = 0; f != program.functions.size(); ++f)
    for (const Block &block : program.functions[f].blocks)
      for (const Instruction &instruction : block.code)
        for (uint32_t callee : facts.callees(f, instruction))
          called[callee] = called[callee] || callee != f;
}

void CycleFinder::findClosed() {
  closed.resize(program.functions.size());
  std::vector<uint32_t> work;
  auto reach = [&](uint32_t f) {
    if (!closed[f])
      work.push_back(f);
    closed[f] = true;
  };
  for (uint32_t f = 0; f != program.functions.size(); ++f)
    if (program.functions[f].entry || program.globalInit == f)
      reach(f);
  while (!work.empty()) {
    uint32_t f = work.back();
    work.pop_back();
    for (const Block &block : program.functions[f].blocks)
      for (const Instruction &instruction : block.code) {
        for (uint32_t callee : facts.callees(f, instruction))
          reach(callee);
        for (const Operand &operand : instruction.args)
          if (operand.kind == Operand::Kind::Function)
            reach(operand.index);
      }
  }
}

/// Whether code out of sight may call a function, at any time and from any task.
bool CycleFinder::isOpen(uint32_t f) const {
  const Function &function = program.functions[f];
  return !function.blocks.empty() && !function.internal && !closed[f] &&
         !(function.hidden && called[f]);
}

/// Whoever takes it, the lock of an object that is for something else is known as that.
HeldLock CycleFinder::identified(HeldLock lock) const {
  if (lock.lock != Paths::None && paths.depthOf(lock.lock) &&
      own.contains(paths.fieldOf(lock.lock)))
    lock.named = lock.lock;
  return lock;
}

void CycleFinder::addOrders(uint32_t entry) {
  for (const Acquisition &each : summaries.ofEntry(entry).acquisitions)
    for (size_t i = 0; i != each.held.size(); ++i) {
      if (each.held[i].doubted)
        continue;
      HeldLock first = identified(each.held[i]), second = identified(each.wanted);
      if (isTakenTwice(first, second))
        reportTwice(entry, first, second);
      bool named = first.named != Paths::None && second.named != Paths::None;
      if (!named || first.lock == second.lock || orders.size() == MostOrders)
        continue;
      Order order{entry, first, second, each.held, each.compared};
      for (HeldLock &held : order.held)
        held = identified(std::move(held));
      order.held.erase(order.held.begin() + ptrdiff_t(i));
      orders.push_back(std::move(order));
    }
}

bool endsWith(const Chain &whole, const Chain &end) {
  return whole.size() > end.size() && std::equal(end.rbegin(), end.rend(), whole.rbegin());
}

/// A function that code in sight calls, and always with a lock held, is written to be called so:
/// that lock is a gate of its orders, too. Those who nobody in sight calls show what is held.
void CycleFinder::addCallersLocks() {
  for (Order &order : orders) {
    if (!called[order.entry])
      continue;
    std::optional<std::vector<HeldLock>> common;
    for (const Order &callers : orders) {
      if (called[callers.entry] || !endsWith(callers.first.chain, order.first.chain) ||
          !endsWith(callers.second.chain, order.second.chain))
        continue;
      auto isCommon = [&](const HeldLock &held) {
        auto isSame = [&](const HeldLock &each) {
          return each.shared == held.shared && paths.sameField(each.named, held.named);
        };
        return held.named != Paths::None && (!common || llvm::any_of(*common, isSame));
      };
      auto both = llvm::make_filter_range(callers.held, isCommon);
      common = std::vector<HeldLock>(both.begin(), both.end());
    }
    if (common)
      llvm::append_range(order.held, *common);
  }
}

/// Whether some call on the way runs what code in sight keeps in a field.
bool CycleFinder::passesKept(const Chain &chain) const {
  return llvm::any_of(chain, [&](const InstructionRef &ref) {
    const Instruction &call = facts.at(ref);
    return call.op == Opcode::CallSlot && !(call.flags & Virtual) &&
           !flow.targets(ref.function, call).empty();
  });
}

/// A lock of what an entry is handed, or of the globals, taken again by a callback; other ways show
/// where the entry is explored. What stands between is taken not to set the field anew.
bool CycleFinder::isTakenTwice(const HeldLock &first, const HeldLock &second) const {
  auto plain = [&](const HeldLock &lock) {
    return !lock.shared && !(at(lock.chain).flags & (Recursive | Shared));
  };
  return first.lock == second.lock && first.lock != Paths::None && paths.depthOf(first.lock) == 1 &&
         paths.fieldOf(first.lock) != Paths::Element &&
         paths.rootOf(first.lock) != Paths::Somewhere && plain(first) && plain(second) &&
         passesKept(second.chain);
}

/// Whether the second order waits for what the first holds … and holds what the first waits for.
bool CycleFinder::follows(const Order &a, const Order &b) const {
  return paths.sameField(a.second.named, b.first.named) && !(a.second.shared && b.first.shared);
}

bool CycleFinder::wereCompared(const Order &order) const {
  auto leadsTo = [&](Paths::Id compared, Paths::Id lock) {
    if (compared == Paths::None)
      return false;
    for (Paths::Id owner = lock; owner != Paths::None; owner = paths.parentOf(owner))
      if (owner == compared || (paths.depthOf(compared) && paths.parentOf(compared) == owner))
        return true;
    return false;
  };
  return llvm::any_of(order.compared, [&](const auto &pair) {
    auto [a, b] = pair;
    return (leadsTo(a, order.first.lock) && leadsTo(b, order.second.lock)) ||
           (leadsTo(b, order.first.lock) && leadsTo(a, order.second.lock));
  });
}

/// One entry takes the same two locks of one field both ways round.
bool CycleFinder::isExchange(const Order &a, const Order &b) const {
  bool modes = !(a.second.shared && b.first.shared) && !(b.second.shared && a.first.shared);
  return modes && a.entry == b.entry && a.first.lock == b.second.lock &&
         a.second.lock == b.first.lock && paths.mayBeSame(a.first.named, a.second.named) &&
         !wereCompared(a) && !wereCompared(b);
}

/// Both sides hold a lock that keeps them apart.
bool CycleFinder::excluded(const Order &a, const Order &b) const {
  return llvm::any_of(a.held, [&](const HeldLock &mine) {
    return llvm::any_of(b.held, [&](const HeldLock &theirs) {
      bool known = mine.named != Paths::None && theirs.named != Paths::None;
      return !(mine.shared && theirs.shared) &&
             (!known || paths.mayBeSame(mine.named, theirs.named));
    });
  });
}

bool CycleFinder::fits(const std::vector<uint32_t> &cycle, uint32_t candidate) const {
  const Order &added = orders[candidate];
  if (paths.mayBeSame(added.first.named, added.second.named))
    return false;
  return llvm::none_of(cycle, [&](uint32_t each) {
    return paths.mayBeSame(orders[each].first.named, added.first.named) ||
           excluded(orders[each], added);
  });
}

void CycleFinder::grow(std::vector<uint32_t> &cycle, size_t length) {
  if (cycle.size() == length) {
    if (follows(orders[cycle.back()], orders[cycle.front()]) && !isKnown(cycle))
      report(cycle);
    return;
  }
  for (uint32_t candidate : next[cycle.back()])
    if (candidate > cycle.front() && fits(cycle, candidate)) {
      cycle.push_back(candidate);
      grow(cycle, length);
      cycle.pop_back();
    }
}

/// Whether the cycle, or one of some of its locks, has been reported; by exploration, too.
bool CycleFinder::isKnown(const std::vector<uint32_t> &cycle) const {
  std::set<Paths::Id> names;
  for (uint32_t each : cycle)
    names.insert(orders[each].first.named);
  auto within = [&](const std::set<Paths::Id> &reported) {
    return llvm::all_of(reported, [&](Paths::Id name) {
      return llvm::any_of(
          names, [&](Paths::Id each) { return each == name || paths.sameField(each, name); });
    });
  };
  if (llvm::any_of(told, within))
    return true;
  return llvm::any_of(verdicts, [&](const Verdict &verdict) {
    return llvm::all_of(cycle, [&](uint32_t each) {
      return llvm::any_of(verdict.tasks, [&](const TaskRef &task) {
        return task.blocked && task.operation == Opcode::Lock &&
               task.blockedAt == facts.at(orders[each].second.chain.back()).at;
      });
    });
  });
}

/// The makings of locks that are kept in a field or global.
void CycleFinder::findMakings() {
  for (uint32_t f = 0; f != program.functions.size(); ++f)
    for (uint32_t b = 0; b != program.functions[f].blocks.size(); ++b) {
      std::map<Register, uint32_t> made;
      const auto &code = program.functions[f].blocks[b].code;
      for (uint32_t i = 0; i != code.size(); ++i) {
        bool lock = code[i].op == Opcode::Make && code[i].result() &&
                    (code[i].primitive == PrimitiveKind::Mutex ||
                     code[i].primitive == PrimitiveKind::SharedMutex);
        if (lock)
          made[*code[i].result()] = facts.siteOf({f, b, i});
        bool keeps = code[i].op == Opcode::Store &&
                     code[i].args[1].kind == Operand::Kind::Register &&
                     made.count(code[i].args[1].index);
        if (!keeps)
          continue;
        auto [entry, isNew] = makings.try_emplace(code[i].callee, made[code[i].args[1].index]);
        if (!isNew)
          entry->second = 0;
      }
    }
}

std::string CycleFinder::nameOf(uint32_t entry, Paths::Id path, bool byObject) const {
  const Function &function = program.functions[entry];
  auto registerName = [&](uint32_t symbol) {
    return symbol < function.parameters ? function.registers[symbol] : std::string();
  };
  if (paths.depthOf(path) == 0)
    return registerName(paths.rootOf(path));
  if (paths.fieldOf(path) == Paths::Element)
    return nameOf(entry, paths.parentOf(path), byObject);
  // What follows tells units apart.
  llvm::StringRef name = llvm::StringRef(program.fields[paths.fieldOf(path)]).split('@').first;
  if (paths.parentOf(path) != Paths::None && paths.depthOf(path) == 1 &&
      paths.rootOf(path) == Paths::Globals)
    return name.str();
  if (!byObject)
    return name.str();
  std::string owner = nameOf(entry, paths.parentOf(path), byObject);
  size_t plain = name.rfind("::");
  return owner + (owner.empty() ? "" : ".") +
         name.drop_front(plain == llvm::StringRef::npos ? 0 : plain + 2).str();
}

PrimitiveRef CycleFinder::primitive(const Order &order, Paths::Id path, bool byObject) const {
  PrimitiveRef shown;
  uint32_t field = paths.depthOf(path) ? paths.fieldOf(path) : Paths::Globals;
  auto made = makings.find(field);
  if (made != makings.end() && made->second)
    shown = primitiveAt(facts, made->second);
  shown.kind = made == makings.end() ? PrimitiveKind::Mutex : shown.kind;
  if (made == makings.end() || !made->second)
    shown.kind = PrimitiveKind::Mutex;
  shown.name = nameOf(order.entry, path, byObject);
  return shown;
}

/// The calls of a chain from `from` on, and what its last instruction does.
void CycleFinder::tell(Verdict &verdict, uint32_t task, const Chain &chain, size_t from,
                       Step::Kind last, const PrimitiveRef &on) const {
  for (size_t i = from; i < chain.size(); ++i) {
    const Instruction &instruction = facts.at(chain[i]);
    bool isLast = i + 1 == chain.size();
    Step step{};
    step.kind = isLast ? last : Step::Kind::Call;
    step.task = task;
    step.function = chain[i].function;
    step.at = instruction.at;
    if (isLast)
      step.on = {on};
    else
      step.detail = program.functions[chain[i + 1].function].display;
    verdict.witness.push_back(std::move(step));
  }
}

void CycleFinder::reportTwice(uint32_t entry, const HeldLock &first, const HeldLock &second) {
  Verdict verdict{};
  verdict.defect = Defect::Deadlock;
  verdict.certainty = Certainty::Possible;
  verdict.ownLock = true;
  PrimitiveRef lock = primitive({entry, first, second, {}, {}}, first.lock, false);
  if (uint32_t site = facts.siteOf(lock.makeSite))
    sites.insert(site);
  TaskRef shown;
  shown.display = program.functions[entry].display;
  shown.blocked = true;
  shown.operation = Opcode::Lock;
  shown.blockedAt = at(second.chain).at;
  shown.on = shown.holds = {lock};
  verdict.tasks.push_back(shown);
  verdict.parties.push_back(0);
  tell(verdict, 0, first.chain, 0, Step::Kind::Lock, lock);
  auto [mine, common] = std::mismatch(first.chain.begin(), first.chain.end(), second.chain.begin(),
                                      second.chain.end());
  tell(verdict, 0, second.chain, size_t(common - second.chain.begin()), Step::Kind::Blocked, lock);
  verdict.site = second.chain.back();
  verdict.at = shown.blockedAt;
  verdict.scope = entry;
  verdicts.push_back(std::move(verdict));
}

void CycleFinder::report(const std::vector<uint32_t> &cycle) {
  std::set<Paths::Id> names;
  Verdict verdict{};
  verdict.defect = Defect::Deadlock;
  verdict.certainty = Certainty::Possible;
  bool byObject = paths.mayBeSame(orders[cycle[0]].first.named, orders[cycle[0]].second.named);
  for (uint32_t task = 0; task != cycle.size(); ++task) {
    const Order &order = orders[cycle[task]];
    names.insert(order.first.named);
    PrimitiveRef first = primitive(order, order.first.named, byObject);
    PrimitiveRef second = primitive(order, order.second.named, byObject);
    if (uint32_t site = facts.siteOf(first.makeSite))
      sites.insert(site);
    TaskRef shown;
    shown.display = program.functions[order.entry].display;
    shown.blocked = true;
    shown.operation = Opcode::Lock;
    shown.blockedAt = at(order.second.chain).at;
    shown.on = {second};
    shown.holds = {first};
    verdict.tasks.push_back(shown);
    verdict.parties.push_back(task);
    tell(verdict, task, order.first.chain, 0, Step::Kind::Lock, first);
  }
  for (uint32_t task = 0; task != cycle.size(); ++task) {
    const Order &order = orders[cycle[task]];
    auto [mine, common] = std::mismatch(order.first.chain.begin(), order.first.chain.end(),
                                        order.second.chain.begin(), order.second.chain.end());
    tell(verdict, task, order.second.chain, size_t(common - order.second.chain.begin()),
         Step::Kind::Blocked, verdict.tasks[task].on[0]);
    if (verdict.tasks[task].blockedAt < verdict.tasks[verdict.culprit].blockedAt)
      verdict.culprit = task;
  }
  verdict.site = orders[cycle[verdict.culprit]].second.chain.back();
  verdict.at = verdict.tasks[verdict.culprit].blockedAt;
  verdict.scope = orders[cycle[verdict.culprit]].entry;
  told.insert(names);
  verdicts.push_back(std::move(verdict));
}

void CycleFinder::run() {
  findCalled();
  findClosed();
  for (uint32_t f = 0; f != program.functions.size(); ++f)
    if (isOpen(f) && bound.mayCircle(f))
      addOrders(f);
  summaries.stepsLeft = std::min(summaries.stepsLeft, StepsForExchanges);
  for (uint32_t f = 0; f != program.functions.size(); ++f)
    if (isOpen(f) && !bound.mayCircle(f) && bound.mayExchange(f))
      addOrders(f);
  if (orders.size() < 2)
    return;
  addCallersLocks();
  findMakings();
  for (uint32_t a = 0; a != orders.size(); ++a) {
    next.emplace_back();
    for (uint32_t b = 0; b != orders.size(); ++b) {
      if (a != b && follows(orders[a], orders[b]))
        next.back().push_back(b);
      if (a < b && isExchange(orders[a], orders[b]) && !excluded(orders[a], orders[b]) &&
          !isKnown({a, b}))
        report({a, b});
    }
  }
  for (size_t length = 2; length <= LongestCycle; ++length)
    for (uint32_t start = 0; start != orders.size(); ++start) {
      std::vector<uint32_t> cycle;
      if (fits(cycle, start)) {
        cycle.push_back(start);
        grow(cycle, length);
      }
    }
}

bool hasOrders(const Program &program) {
  size_t locks = 0;
  for (const Function &function : program.functions)
    for (const Block &block : function.blocks)
      for (const Instruction &instruction : block.code)
        locks += instruction.op == Opcode::Lock;
  return locks > 0;
}

} // namespace

void findOrderCycles(const Program &whole, const Facts &facts, const Aliases &aliases,
                     std::vector<Verdict> &known, std::set<uint32_t> &sites) {
  if (!hasOrders(facts.program))
    return;
  FieldFlow flow(facts.program);
  OrderGraph bound(facts, aliases, flow);
  if (bound.hasCircle())
    CycleFinder(facts, flow, bound, OwnLocks(whole, flow), known, sites).run();
}

} // namespace sluice::checker::analysis
