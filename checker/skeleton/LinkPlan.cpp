// Finds the functions that see more once units are linked, and what they need.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A unit has judged its own functions with what it sees. Linking looks again only at functions that
// communicate and from which code is reached that their own unit does not hold, and only if that
// code communicates or is handed something. Two units that hold different code under one name each
// keep their own, and a third that calls it does not know which is meant.
#include "skeleton/LinkPlan.h"

#include "llvm/ADT/IntEqClasses.h"

#include <algorithm>

namespace sluice::checker::skeleton {
namespace {

class Planner {
public:
  explicit Planner(const std::vector<Outline> &outlines);
  std::vector<LinkPlan> run();

private:
  using Node = uint32_t; ///< a function of a unit, over all units
  using Marks = std::vector<bool>;
  static constexpr Node Nowhere = ~0u;

  UnitFunction at(Node node) const;
  const Outline::Function &of(Node node) const { return *functions[node]; }
  void findHolders();
  void resolve();
  void findCallers();
  /// Marks all that use, directly or not, what is marked.
  void spreadToUsers(Marks &marks) const;
  void findSettings();
  Marks findWidened(const Marks &matters) const;
  bool needsMore(Node node, const Marks &matters) const;
  bool usesForeignGlobal(Node node) const;
  bool needsOrders(const std::vector<Node> &locking) const;
  std::vector<Node> ownNodes(const Marks &marks) const;
  std::vector<std::vector<Node>> connected(const std::vector<Node> &widened) const;
  void addPlan(const std::vector<Node> &roots, bool orders);
  void need(Node node);
  void needInits();

  const std::vector<Outline> &outlines;
  std::vector<Node> first; ///< by unit: the node of its function 0
  std::vector<const Outline::Function *> functions;
  std::map<Digest, Node> holders;                ///< by key; Nowhere: units hold different code
  std::vector<std::vector<Node>> targets;        ///< by node, one for each use
  std::vector<std::vector<Node>> callers;        ///< by node
  std::map<Digest, std::set<uint32_t>> settings; ///< by global: the units that set it up
  std::set<Node> isNeeded;                       ///< of the plan that is made
  LinkPlan plan;
  std::vector<LinkPlan> plans;
};

Planner::Planner(const std::vector<Outline> &outlines) : outlines(outlines) {
  for (const Outline &outline : outlines) {
    first.push_back(Node(functions.size()));
    for (const Outline::Function &function : outline.functions)
      functions.push_back(&function);
  }
}

UnitFunction Planner::at(Node node) const {
  auto after = std::upper_bound(first.begin(), first.end(), node);
  uint32_t unit = uint32_t(after - first.begin()) - 1;
  return {unit, node - first[unit]};
}

void Planner::findHolders() {
  for (Node node = 0; node != functions.size(); ++node) {
    if (!of(node).shared || !of(node).hasCode())
      continue;
    auto [entry, isNew] = holders.try_emplace(of(node).key, node);
    if (!isNew && entry->second != Nowhere && of(entry->second).code != of(node).code)
      entry->second = Nowhere;
  }
}

/// Where the code of each use is. A unit that holds code of its own under a name means that.
void Planner::resolve() {
  targets.resize(functions.size());
  for (uint32_t unit = 0; unit != outlines.size(); ++unit)
    for (FunctionId f = 0; f != outlines[unit].functions.size(); ++f)
      for (const Outline::Use &use : outlines[unit].functions[f].uses) {
        Node own = first[unit] + use.function;
        auto holder = of(own).shared ? holders.find(of(own).key) : holders.end();
        bool known = holder != holders.end() && holder->second != Nowhere;
        targets[first[unit] + f].push_back(known ? holder->second : own);
      }
}

void Planner::findCallers() {
  callers.resize(functions.size());
  for (Node node = 0; node != functions.size(); ++node)
    for (Node target : targets[node])
      callers[target].push_back(node);
}

void Planner::spreadToUsers(Marks &marks) const {
  std::vector<Node> work;
  for (Node node = 0; node != functions.size(); ++node)
    if (marks[node])
      work.push_back(node);
  while (!work.empty()) {
    Node node = work.back();
    work.pop_back();
    for (Node caller : callers[node])
      if (!marks[caller]) {
        marks[caller] = true;
        work.push_back(caller);
      }
  }
}

void Planner::findSettings() {
  for (uint32_t unit = 0; unit != outlines.size(); ++unit)
    if (outlines[unit].init)
      for (const Digest &global : outlines[unit].functions[*outlines[unit].init].globals)
        settings[global].insert(unit);
}

/// Whether a function uses code that its unit does not hold, and that may matter.
bool Planner::needsMore(Node node, const Marks &matters) const {
  uint32_t unit = at(node).unit;
  for (size_t i = 0; i != targets[node].size(); ++i) {
    const Outline::Use &use = of(node).uses[i];
    Node target = targets[node][i];
    if (of(target).hasCode() && !of(first[unit] + use.function).hasCode() &&
        (matters[target] || use.handed))
      return true;
  }
  return false;
}

bool Planner::usesForeignGlobal(Node node) const {
  uint32_t unit = at(node).unit;
  return std::any_of(of(node).globals.begin(), of(node).globals.end(), [&](const Digest &global) {
    auto set = settings.find(global);
    return set != settings.end() && !set->second.count(unit);
  });
}

/// Globals are set up only where a program starts, so what others have set up matters there alone.
Planner::Marks Planner::findWidened(const Marks &matters) const {
  Marks widened(functions.size()), reading(functions.size());
  for (Node node = 0; node != functions.size(); ++node) {
    widened[node] = needsMore(node, matters);
    reading[node] = usesForeignGlobal(node);
  }
  spreadToUsers(widened);
  spreadToUsers(reading);
  for (Node node = 0; node != functions.size(); ++node)
    widened[node] = matters[node] && (widened[node] || (reading[node] && of(node).entry));
  return widened;
}

/// Orders of locks can only meet across units if code of two units leads to locks: a wrapper of a
/// lock stands in one.
bool Planner::needsOrders(const std::vector<Node> &locking) const {
  return std::any_of(locking.begin(), locking.end(),
                     [&](Node node) { return at(node).unit != at(locking.front()).unit; });
}

void Planner::need(Node node) {
  std::vector<Node> work{node};
  while (!work.empty()) {
    Node next = work.back();
    work.pop_back();
    if (!of(next).hasCode() || !isNeeded.insert(next).second)
      continue;
    plan.needed[at(next).unit].insert(at(next).function);
    for (size_t i = 0; i != targets[next].size(); ++i) {
      Node target = targets[next][i];
      UnitFunction used{at(next).unit, of(next).uses[i].function};
      if (at(target) != used)
        plan.elsewhere[used] = at(target);
      work.push_back(target);
    }
  }
}

/// The globals that needed code uses, and those of its units; what sets them up may use others.
void Planner::needInits() {
  for (size_t before = ~size_t(0); before != isNeeded.size();) {
    before = isNeeded.size();
    std::set<uint32_t> units;
    for (Node node : isNeeded) {
      units.insert(at(node).unit);
      for (const Digest &global : of(node).globals)
        if (auto set = settings.find(global); set != settings.end())
          units.insert(set->second.begin(), set->second.end());
    }
    for (uint32_t unit : units)
      if (outlines[unit].init)
        need(first[unit] + *outlines[unit].init);
  }
}

void Planner::addPlan(const std::vector<Node> &roots, bool orders) {
  isNeeded.clear();
  plan = {};
  plan.orders = orders;
  for (Node node : roots) {
    need(node);
    if (!orders)
      plan.widened.insert(at(node));
  }
  needInits();
  plans.push_back(std::move(plan));
}

/// Those marked, of several copies the one that is joined.
std::vector<Planner::Node> Planner::ownNodes(const Marks &marks) const {
  std::vector<Node> own;
  for (Node node = 0; node != functions.size(); ++node) {
    if (!marks[node] || !of(node).hasCode())
      continue;
    auto holder = of(node).shared ? holders.find(of(node).key) : holders.end();
    if (holder == holders.end() || holder->second == Nowhere || holder->second == node)
      own.push_back(node);
  }
  return own;
}

/// Sets of widened functions that may run in one scope: each with all that it reaches.
std::vector<std::vector<Planner::Node>> Planner::connected(const std::vector<Node> &widened) const {
  llvm::IntEqClasses classes(unsigned(functions.size()));
  std::set<Node> met;
  std::vector<Node> work = widened;
  while (!work.empty()) {
    Node node = work.back();
    work.pop_back();
    if (!met.insert(node).second)
      continue;
    for (Node target : targets[node]) {
      if (!of(target).hasCode())
        continue;
      classes.join(node, target);
      work.push_back(target);
    }
  }
  std::map<unsigned, std::vector<Node>> sets;
  for (Node node : widened)
    sets[classes.findLeader(node)].push_back(node);
  std::vector<std::vector<Node>> list;
  for (auto &[leader, nodes] : sets)
    list.push_back(std::move(nodes));
  return list;
}

std::vector<LinkPlan> Planner::run() {
  findHolders();
  resolve();
  findCallers();
  findSettings();
  Marks matters(functions.size()), locking(functions.size());
  for (Node node = 0; node != functions.size(); ++node) {
    matters[node] = of(node).communicates;
    locking[node] = of(node).locks;
  }
  spreadToUsers(matters);
  spreadToUsers(locking);
  for (const std::vector<Node> &nodes : connected(ownNodes(findWidened(matters))))
    addPlan(nodes, /*orders=*/false);
  if (std::vector<Node> nodes = ownNodes(locking); needsOrders(nodes))
    addPlan(nodes, /*orders=*/true);
  return std::move(plans);
}

} // namespace

NameHomes::NameHomes(const std::vector<Outline> &outlines) {
  Homes met;
  for (const Outline &outline : outlines) {
    homes.push_back(outline.homes);
    for (const auto &[name, place] : outline.homes)
      if (auto [known, isNew] = met.try_emplace(name, place); !isNew && known->second != place)
        ambiguous.insert(name);
  }
}

/// Who uses a name without saying where it is defined means none that is known.
std::string NameHomes::suffix(uint32_t unit, llvm::StringRef field, bool global) const {
  if (ambiguous.empty())
    return "";
  Digest name = digestOf(ownerOf(field, global));
  if (!ambiguous.count(name))
    return "";
  auto home = homes[unit].find(name);
  return "@" + (home == homes[unit].end() ? std::to_string(unit) : hexOf(home->second));
}

std::vector<LinkPlan> planLink(const std::vector<Outline> &outlines) {
  return Planner(outlines).run();
}

} // namespace sluice::checker::skeleton
