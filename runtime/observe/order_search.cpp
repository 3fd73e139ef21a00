// The search for a circle of lock orders in which tasks could wait for each other.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "observe/order_search.hpp"

#include <algorithm>

namespace sluice::observe {
namespace {

/// Where there are many circles each new order is part of some: there is little to be learnt.
unsigned steps_after(std::size_t circles) {
  const std::size_t fewer = order_graph::most_steps / (1 + circles);
  return static_cast<unsigned>(std::max<std::size_t>(fewer, order_graph::least_steps));
}

bool keep_apart(numbered_lock a, numbered_lock b) {
  return a.lock == b.lock && !(a.shared && b.shared);
}

/// Whether no two tasks can hold the one and the other at once.
template <class Locks> bool keep_apart(numbered_lock a, const Locks &locks) {
  return std::any_of(locks.begin(), locks.end(), [&](numbered_lock b) { return keep_apart(a, b); });
}

} // namespace

order_search::order_search(order_graph &graph, const order_graph::order &first,
                           const order_taker &by)
    : graph(graph), first(first), by(by), most_steps(steps_after(graph.told.size())) {}

/// How far it is to the lock that the first order holds, nearest first, from all that are near
/// enough; false if the one it takes is not among them.
bool order_search::measure_distances() {
  mark = graph.new_mark();
  std::vector<lock_number> reached{first.from.lock};
  graph.nodes[first.from.lock].mark = mark;
  graph.nodes[first.from.lock].distance = 0;
  for (std::size_t i = 0; i < reached.size(); ++i) {
    const std::uint32_t distance = graph.nodes[reached[i]].distance + 1;
    if (distance >= order_graph::longest_cycle)
      break;
    for (std::uint32_t o : graph.nodes[reached[i]].into) {
      if (++steps > most_steps)
        break;
      const lock_number next = graph.orders[o].from.lock;
      if (graph.nodes[next].mark == mark)
        continue;
      graph.nodes[next].mark = mark;
      graph.nodes[next].distance = distance;
      reached.push_back(next);
    }
  }
  graph.cut = graph.cut || steps > most_steps;
  steps = 0;
  return graph.nodes[first.to.lock].mark == mark;
}

/// Whether the tasks of all orders so far and of `o` can stand where they hold all their locks, and
/// the last of them waits for what `o` holds.
bool order_search::may_follow(const order_graph::order &o) const {
  if (path.back().order->to.shared && o.from.shared)
    return false; // readers do not wait for readers
  return std::none_of(path.begin(), path.end(), [&](const step &s) {
    const order_graph::order &p = *s.order;
    return o.from.lock == p.from.lock || keep_apart(o.from, p.others) ||
           keep_apart(p.from, o.others) ||
           std::any_of(o.others.begin(), o.others.end(),
                       [&](numbered_lock l) { return keep_apart(l, p.others); });
  });
}

/// The next of those who take `o`, from the one at `from` on, who takes no other step; anybody if
/// there are more than are known.
const order_taker *order_search::free_taker(const order_graph::order &o, std::size_t from) const {
  for (std::size_t i = from; i < o.takers.size(); ++i)
    if (std::none_of(path.begin(), path.end(),
                     [&](const step &s) { return s.taker->id == o.takers[i].id; }))
      return &o.takers[i];
  return from == 0 && o.everybodys ? &o.takers.front() : nullptr;
}

bool order_search::extend_by(const order_graph::order &o, std::size_t steps_left) {
  for (std::size_t from = 0;;) {
    const order_taker *taker = free_taker(o, from);
    if (!taker)
      return false;
    path.push_back({&o, taker});
    const bool closed = o.to.lock == first.from.lock;
    if (closed ? !(o.to.shared && first.from.shared) && is_new() : extend(steps_left - 1))
      return true;
    path.pop_back();
    if (closed)
      return false;
    from = static_cast<std::size_t>(taker - o.takers.data()) + 1;
  }
}

bool order_search::extend(std::size_t steps_left) {
  for (std::uint32_t at : graph.nodes[path.back().order->to.lock].out) {
    if (++steps > most_steps)
      return false;
    const order_graph::order &o = graph.orders[at];
    const order_graph::node &next = graph.nodes[o.to.lock];
    if (next.mark != mark || next.distance >= steps_left || !may_follow(o))
      continue;
    if (extend_by(o, steps_left))
      return true;
  }
  return false;
}

/// Whether the circle was not found before; from now on it was.
bool order_search::is_new() const {
  std::vector<std::uint64_t> serials;
  for (const step &s : path)
    serials.push_back(graph.nodes[s.order->from.lock].serial);
  std::sort(serials.begin(), serials.end());
  return graph.told.insert(std::move(serials)).second;
}

order_cycle order_search::result() const {
  order_cycle found;
  for (const step &s : path) {
    const order_graph::node &from = graph.nodes[s.order->from.lock];
    const order_graph::node &to = graph.nodes[s.order->to.lock];
    found.push_back({from.what, to.what, from.serial, to.serial, s.order->from.shared,
                     s.order->to.shared, *s.taker});
  }
  return found;
}

std::optional<order_cycle> order_search::run() {
  if (!measure_distances())
    return std::nullopt;
  path = {{&first, &by}};
  for (std::size_t length = 2; length <= order_graph::longest_cycle; ++length) {
    if (extend(length - 1))
      return result();
  }
  graph.cut = graph.cut || steps > most_steps;
  return std::nullopt;
}

} // namespace sluice::observe
