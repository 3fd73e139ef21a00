// The orders in which locks were taken.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The ranks order the locks so that what is taken under another one ranks higher, as far as there
// is such an order (Pearce and Kelly, "A dynamic topological sort algorithm for directed acyclic
// graphs", 2006). While no order had to be left out of them there is no circle, and an order that
// agrees with them closes none: nothing is searched for, however many locks there are.
#include "observe/order_graph.hpp"

#include "observe/order_search.hpp"

#include <algorithm>

namespace sluice::observe {

lock_number order_graph::add(const seen_primitive &lock) {
  lock_number number;
  if (!free_nodes.empty()) {
    number = free_nodes.back();
    free_nodes.pop_back();
  } else if (nodes.size() < most_orders) {
    number = static_cast<lock_number>(nodes.size());
    nodes.emplace_back();
  } else {
    cut = true;
    return 0;
  }
  nodes[number].what = lock;
  nodes[number].serial = ++last_serial;
  nodes[number].rank = ++last_rank;
  return number;
}

void order_graph::unlink(std::vector<std::uint32_t> &list, std::uint32_t at,
                         std::uint32_t order::*place) {
  const std::uint32_t hole = orders[at].*place;
  list[hole] = list.back();
  orders[list[hole]].*place = hole;
  list.pop_back();
}

/// Frees one order; the list of its two locks is the caller's affair.
void order_graph::drop(std::uint32_t at) {
  order &o = orders[at];
  unlink(nodes[o.from.lock].out, at, &order::in_out);
  unlink(nodes[o.to.lock].into, at, &order::in_into);
  for (numbered_lock l : o.others)
    --nodes[l.lock].mentions;
  closing -= o.closes;
  o = {};
  free_orders.push_back(at);
}

void order_graph::drop_pair(std::uint32_t at) {
  const auto found = by_locks.find(key(orders[at].from.lock, orders[at].to.lock));
  std::uint32_t next = found->second;
  by_locks.erase(found);
  while (next != none) {
    const std::uint32_t after = orders[next].next;
    drop(next);
    next = after;
  }
}

void order_graph::remove(lock_number lock) {
  node &n = nodes[lock];
  while (!n.out.empty())
    drop_pair(n.out.back());
  while (!n.into.empty())
    drop_pair(n.into.back());
  n.serial = 0;
  forgotten.push_back(lock);
}

void order_graph::reuse_numbers() {
  std::erase_if(forgotten, [&](lock_number lock) {
    const bool free = nodes[lock].mentions == 0;
    if (free)
      free_nodes.push_back(lock);
    return free;
  });
}

std::uint32_t order_graph::first_of(lock_number from, lock_number to) const {
  const auto found = by_locks.find(key(from, to));
  return found == by_locks.end() ? none : found->second;
}

/// Whether whatever the given acquisition makes possible, `o` does. A lock that is gone is in no
/// acquisition to come, so it keeps nothing apart any more.
bool order_graph::covers(const order &o, numbered_lock from, numbered_lock to,
                         const lock_set &others) const {
  if ((o.from.shared && !from.shared) || (o.to.shared && !to.shared))
    return false;
  return std::all_of(o.others.begin(), o.others.end(), [&](numbered_lock gate) {
    return nodes[gate.lock].serial == 0 ||
           std::any_of(others.begin(), others.end(), [&](numbered_lock l) {
             return l.lock == gate.lock && (gate.shared || !l.shared);
           });
  });
}

const order_graph::order *order_graph::covering(numbered_lock from, numbered_lock to,
                                                const lock_set &others, std::uint64_t task) const {
  for (std::uint32_t at = first_of(from.lock, to.lock); at != none; at = orders[at].next) {
    const order &o = orders[at];
    const bool by_task =
        o.everybodys || std::any_of(o.takers.begin(), o.takers.end(),
                                    [&](const order_taker &t) { return t.id == task; });
    if (by_task && covers(o, from, to, others))
      return &o;
  }
  return nullptr;
}

bool order_graph::knows(numbered_lock from, numbered_lock to, const lock_set &others,
                        std::uint64_t task) const {
  return covering(from, to, others, task);
}

bool order_graph::is_everybodys(numbered_lock from, numbered_lock to,
                                const lock_set &others) const {
  return covering(from, to, others, 0); // the id of nobody
}

std::uint32_t order_graph::enter(order &&fresh) {
  std::uint32_t at = static_cast<std::uint32_t>(orders.size());
  if (!free_orders.empty()) {
    at = free_orders.back();
    free_orders.pop_back();
  } else {
    orders.emplace_back();
  }
  node &from = nodes[fresh.from.lock], &to = nodes[fresh.to.lock];
  fresh.in_out = static_cast<std::uint32_t>(from.out.size());
  fresh.in_into = static_cast<std::uint32_t>(to.into.size());
  from.out.push_back(at);
  to.into.push_back(at);
  for (numbered_lock l : fresh.others)
    ++nodes[l.lock].mentions;
  closing += fresh.closes;
  orders[at] = std::move(fresh);
  return at;
}

/// The order of just these locks, which is entered if it is new; `none` if there are too many.
std::uint32_t order_graph::variant(numbered_lock from, numbered_lock to, const lock_set &others) {
  const std::uint32_t first = first_of(from.lock, to.lock);
  unsigned variants = 0;
  for (std::uint32_t at = first; at != none; at = orders[at].next, ++variants)
    if (orders[at].from == from && orders[at].to == to && orders[at].others == others)
      return at;
  if (variants >= most_variants || orders.size() - free_orders.size() >= most_orders) {
    cut = true;
    return none;
  }
  order fresh;
  fresh.from = from, fresh.to = to, fresh.others = others, fresh.next = first;
  fresh.closes = first != none ? orders[first].closes : !put_in_rank(from.lock, to.lock);
  const std::uint32_t at = enter(std::move(fresh));
  by_locks[key(from.lock, to.lock)] = at;
  return at;
}

std::optional<order_cycle> order_graph::learn(numbered_lock from, numbered_lock to,
                                              const lock_set &others, order_taker taker) {
  const std::uint32_t at = variant(from, to, others);
  if (at == none)
    return std::nullopt;
  order &o = orders[at];
  if (o.takers.size() == most_tasks)
    o.everybodys = true;
  else
    o.takers.push_back(taker);
  if (closing == 0)
    return std::nullopt;
  if (told.size() == most_cycles) {
    cut = true;
    return std::nullopt;
  }
  return order_search(*this, o, taker).run();
}

std::uint32_t order_graph::new_mark() {
  if (++last_mark == 0) {
    for (node &n : nodes)
      n.mark = 0;
    last_mark = 1;
  }
  return last_mark;
}

/// Collects what is reached from `at` along orders that have a rank, and ranks before `goal` (after
/// it, if not `forward`); false if that reaches the goal.
bool order_graph::collect(lock_number at, lock_number goal, bool forward,
                          std::vector<lock_number> &out) {
  const std::uint32_t mark = new_mark();
  nodes[at].mark = mark;
  out.push_back(at);
  for (std::size_t i = 0; i < out.size(); ++i)
    for (std::uint32_t o : forward ? nodes[out[i]].out : nodes[out[i]].into) {
      const lock_number next = forward ? orders[o].to.lock : orders[o].from.lock;
      const std::int64_t beyond = nodes[next].rank - nodes[goal].rank;
      if (orders[o].closes || nodes[next].mark == mark || (forward ? beyond > 0 : beyond < 0))
        continue;
      if (next == goal)
        return false;
      nodes[next].mark = mark;
      out.push_back(next);
    }
  return true;
}

/// Makes `from` rank before `to`; false if that cannot be, because they are part of a circle.
bool order_graph::put_in_rank(lock_number from, lock_number to) {
  if (nodes[from].rank < nodes[to].rank)
    return true;
  std::vector<lock_number> above, below;
  if (!collect(to, from, true, above))
    return false;
  collect(from, to, false, below);
  auto by_rank = [&](lock_number a, lock_number b) { return nodes[a].rank < nodes[b].rank; };
  std::sort(above.begin(), above.end(), by_rank);
  std::sort(below.begin(), below.end(), by_rank);
  std::vector<lock_number> all(below);
  all.insert(all.end(), above.begin(), above.end());
  std::vector<std::int64_t> ranks;
  for (lock_number l : all)
    ranks.push_back(nodes[l].rank);
  std::sort(ranks.begin(), ranks.end());
  for (std::size_t i = 0; i < all.size(); ++i)
    nodes[all[i]].rank = ranks[i];
  return true;
}

} // namespace sluice::observe
