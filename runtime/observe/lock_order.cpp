// Listens to locks that are taken under others, to find orders that may end in a deadlock.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is known already, nearly always all, is looked up without a lock. The rest goes to the graph
// under `guards_graph`, which is the last lock that anybody takes here: under it nothing is
// reported. It allocates there, so an allocator that uses this library's locks comes back to where
// it is; such a lock is passed over.
#include "observe/lock_order.hpp"

#include "core/park.hpp"
#include "core/sanitizer.hpp"
#include "core/spinlock.hpp"
#include "observe/describe.hpp"
#include "observe/known_orders.hpp"
#include "observe/symbols.hpp"
#include "observe/unwind.hpp"
#include "report/text.hpp"

#include <algorithm>
#include <functional>
#include <new>
#include <pthread.h>
#include <set>
#include <string_view>

namespace sluice::observe {
namespace {

constinit core::spinlock guards_graph;
constinit std::atomic<const core::execution *> in_graph{nullptr};
constinit known_orders known;
// Never destroyed: locks are taken until the process ends.
order_graph *graph = nullptr;
std::set<std::vector<std::uint64_t>> *told = nullptr; // circles by their code
void (*report_found)(const core::execution &who, const order_cycle &circle) = nullptr;

/// The graph's lock, unless its owner asks for it.
class graph_access {
public:
  explicit graph_access(const core::execution &who)
      : granted(in_graph.load(std::memory_order_relaxed) !=
                &who) { // only who is in there stores it
    if (!granted)
      return;
    guards_graph.lock();
    in_graph.store(&who, std::memory_order_relaxed);
  }
  graph_access(const graph_access &) = delete;
  ~graph_access() {
    if (!granted)
      return;
    in_graph.store(nullptr, std::memory_order_relaxed);
    guards_graph.unlock();
  }
  explicit operator bool() const { return granted; }

private:
  const bool granted;
  core::unseen_scope allocates;
};

/// A lock that was just taken, and those that were held before.
struct acquisition {
  const core::execution &who;
  const core::primitive &lock;
  std::source_location where;
  bool shared;

  std::span<const core::held_lock> held() const noexcept {
    const std::span<const core::held_lock> all = who.held.kept();
    return is_kept() ? all.first(all.size() - 1) : all;
  }
  /// Whether held() is all: orders under locks that are not known must not be judged.
  bool all_known() const noexcept { return who.held.not_kept() == (is_kept() ? 0 : 1); }

private:
  bool is_kept() const noexcept {
    const std::span<const core::held_lock> all = who.held.kept();
    return !all.empty() && all.back().lock == &lock;
  }
};

// Acquire: who reads a number that is used again sees that what was known of it is forgotten.
std::uint32_t number_of(const core::primitive &lock) noexcept {
  return std::atomic_ref(lock.order_number).load(std::memory_order_acquire);
}

std::uint64_t mixed(std::uint64_t seed, std::uint64_t word) noexcept {
  seed = (seed ^ word) * 0x9e3779b97f4a7c15;
  return seed ^ seed >> 32;
}
std::uint64_t mixed(std::uint64_t seed, std::uint32_t number, bool shared) noexcept {
  return mixed(seed, std::uint64_t{number} << 1 | shared);
}

/// What stands for these locks in this order; 0 if one of them is not in the graph yet. Two orders
/// that were mixed to the same number would hide one, with a chance of one in 2^64 for each two.
std::uint64_t order_of(const acquisition &a) noexcept {
  std::uint64_t number = number_of(a.lock);
  std::uint64_t order = mixed(1, static_cast<std::uint32_t>(number), a.shared);
  for (const core::held_lock &h : a.held()) {
    const std::uint32_t held = number_of(*h.lock);
    order = mixed(order, held, h.shared);
    number = held ? number : 0;
  }
  return number ? order : 0;
}

/// With the graph's lock.
numbered_lock numbered(const core::primitive &lock, bool shared) {
  std::uint32_t number = number_of(lock);
  if (number == 0) {
    seen_primitive what = look_at(lock);
    what.address = nullptr; // the graph must keep nothing reachable
    number = graph->add(what);
    std::atomic_ref(lock.order_number).store(number, std::memory_order_release);
  }
  return {number, shared};
}

/// All but two of those that are held.
lock_set without(const lock_set &held, numbered_lock from, numbered_lock to) {
  lock_set rest;
  for (numbered_lock l : held)
    if (l.lock != from.lock && l.lock != to.lock)
      rest.add(l);
  return rest;
}

/// The taker without the place where it took what it held.
order_taker taker_of(const acquisition &a) {
  order_taker t;
  t.id = a.who.id;
  t.is_task = a.who.is_task;
  t.is_main = a.who.is_main;
  t.name.assign(a.who.name);
  t.started_at = a.who.started_at;
  t.taken_at = a.where;
  t.stack = std::make_shared<const std::vector<std::uintptr_t>>(unwind_here());
  return t;
}

/// What locks have in common that were made at one place.
std::uint64_t making_of(const seen_primitive &p) {
  const std::uint64_t at = mixed(p.made_at.line(), p.made_at.column());
  return mixed(mixed(at, std::hash<std::string_view>()(p.made_at.file_name())),
               std::hash<std::string_view>()(p.name.text));
}

/// What circles have in common whose steps are of the same code, on locks that were made alike,
/// however often each comes: a thousand accounts are one defect.
std::vector<std::uint64_t> code_of(const order_cycle &circle) {
  std::vector<std::uint64_t> code;
  for (const order_step &s : circle) {
    std::uint64_t step = mixed(making_of(s.from), making_of(s.to));
    for (std::uintptr_t pc : *s.taker.stack)
      step = mixed(step, pc);
    code.push_back(step);
  }
  std::sort(code.begin(), code.end());
  code.erase(std::unique(code.begin(), code.end()), code.end());
  return code;
}

/// One acquisition on its way into the graph, whose lock is held.
class lesson {
public:
  explicit lesson(const acquisition &a) : a(a), to(numbered(a.lock, a.shared)) {
    for (const core::held_lock &h : a.held())
      held.add(numbered(*h.lock, h.shared));
  }

  void learn(std::vector<order_cycle> &found) {
    if (to.lock == 0)
      return; // there are too many
    bool everybodys = true;
    for (unsigned i = 0; i < held.count; ++i)
      if (held.locks[i].lock != to.lock && held.locks[i].lock != 0)
        everybodys = learn_from(i, found) && everybodys;
    const std::uint64_t order = order_of(a);
    if (order && known.insert(order, everybodys ? known_orders::everybody : a.who.id))
      graph->reuse_numbers();
  }

private:
  const acquisition &a;
  const numbered_lock to;
  lock_set held;
  std::optional<order_taker> taker;

  /// Whether anybody is taken to do that.
  bool learn_from(unsigned i, std::vector<order_cycle> &found) {
    const numbered_lock from = held.locks[i];
    const lock_set others = without(held, from, to);
    if (!graph->knows(from, to, others, a.who.id)) {
      if (!taker)
        taker = taker_of(a);
      taker->held_at = a.held()[i].where;
      taker->held_from = a.held()[i].caller;
      auto circle = graph->learn(from, to, others, *taker);
      if (circle && told->insert(code_of(*circle)).second)
        found.push_back(std::move(*circle));
    }
    return graph->is_everybodys(from, to, others);
  }
};

// Without memory for the books the program goes on.
[[gnu::noinline]] void learn(const acquisition &a) noexcept {
  try {
    std::vector<order_cycle> found;
    if (graph_access access(a.who); access)
      lesson(a).learn(found);
    for (const order_cycle &circle : found)
      report_found(a.who, circle);
  } catch (const std::bad_alloc &) {
  }
}

void on_acquired_nested(const core::execution &who, const core::primitive &lock,
                        std::source_location where, bool shared) noexcept {
  const acquisition a{who, lock, where, shared};
  if (!a.all_known())
    return;
  const std::uint64_t order = order_of(a);
  if (!order || !known.contains(order, who.id)) [[unlikely]]
    learn(a);
}

void on_destroyed(const core::primitive &lock) {
  if (graph_access access(*core::self()); access)
    graph->remove(number_of(lock));
}

report::subject describe(const seen_primitive &lock, std::uint64_t serial) {
  report::subject s = observe::describe(lock);
  s.id = serial;
  return s;
}

report::task_entry describe(const order_step &s, symboliser &symbols) {
  report::task_entry e;
  e.id = s.taker.id;
  e.name = s.taker.name.text;
  e.main = s.taker.is_main;
  e.thread = !s.taker.is_task;
  e.started_at = observe::describe(s.taker.started_at);
  e.operation = s.to_shared ? "rlock" : "lock";
  e.on = describe(s.to, s.to_serial);
  e.holds.push_back({describe(s.from, s.from_serial), s.from_shared,
                     observe::describe(s.taker.held_at, s.taker.held_from, symbols)});
  e.stack = symbols.frames(*s.taker.stack);
  e.blocked_at = observe::describe(s.taker.taken_at, *s.taker.stack, symbols);
  return e;
}

} // namespace

void watch_lock_orders(void (*found)(const core::execution &who, const order_cycle &circle)) {
  graph = new order_graph;
  told = new std::set<std::vector<std::uint64_t>>;
  report_found = found;
  core::events.acquired_nested = on_acquired_nested;
  core::events.numbered_lock_destroyed = on_destroyed;
  pthread_atfork([] { guards_graph.lock(); }, [] { guards_graph.unlock(); },
                 [] { guards_graph.unlock(); });
}

bool lock_orders_are_cut() { return graph && graph->is_cut(); }

report::finding describe(const order_cycle &circle) {
  report::finding f;
  f.kind = report::finding_kind::lock_order_cycle;
  f.check = "lock-order-cycle";
  f.why = "at another time each could wait for the lock that the next one holds";
  symboliser symbols;
  for (const order_step &s : circle)
    f.tasks.push_back(describe(s, symbols));
  return f;
}

std::string places_of(const report::finding &circle) {
  std::set<std::string> steps;
  for (const report::task_entry &t : circle.tasks)
    steps.insert(t.holds.front().lock.name + to_text(t.holds.front().lock.made_at) + " " +
                 t.on.name + to_text(t.on.made_at) + " " + to_text(t.blocked_at) + "\n");
  std::string all;
  for (const std::string &s : steps)
    all += s;
  return all;
}

} // namespace sluice::observe
