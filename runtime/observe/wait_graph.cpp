// Who waits for each other, among those who can never go on.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tarjan's search for strongly connected parts, without recursion.
#include "observe/wait_graph.hpp"

#include <algorithm>

// The words of other threads' memory are read as they are, past all types and red zones.
#define SLUICE_RAW_READ __attribute__((no_sanitize("address", "thread")))

namespace sluice::observe {

static bool by_address(const stuck &a, const stuck &b) noexcept {
  return std::less<>()(a.who, b.who);
}

void wait_graph::add(const core::execution &who) noexcept {
  whole = all.push_back({&who, 0}) && whole;
}

void wait_graph::end_of_members() noexcept {
  std::sort(all.begin(), all.end(), by_address);
  for (std::size_t i = 0; i < all.size(); ++i)
    whole = states.push_back({}) && whole;
}

const stuck *wait_graph::find(const core::execution &who) const noexcept {
  const stuck *s = std::lower_bound(all.begin(), all.end(), stuck{&who, 0}, by_address);
  return s != all.end() && s->who == &who ? s : nullptr;
}

wait_graph::vertex wait_graph::number(const core::execution &who) const noexcept {
  const stuck *s = find(who);
  return s ? static_cast<vertex>(s - all.begin()) : none;
}

/// Where the number of the node that begins there stands, or is to stand: zero until it has one.
wait_graph::vertex *wait_graph::slot_of(std::uintptr_t begin) noexcept {
  const std::size_t mask = number_by_hash.size() - 1;
  std::size_t i = (begin >> 4) * 0x9e3779b97f4a7c15 >> 20;
  for (;; ++i) {
    vertex &v = number_by_hash[i & mask];
    if (v == 0 || nodes[v - all.size()].begin == begin)
      return &v;
  }
}

bool wait_graph::make_room_for_nodes() noexcept {
  if (nodes.size() * 2 < number_by_hash.size())
    return true;
  const std::size_t more = number_by_hash.empty() ? 4096 : number_by_hash.size() * 2;
  if (!number_by_hash.assign_zeros(more))
    return false;
  for (vertex v = 0; v < nodes.size(); ++v)
    *slot_of(nodes[v].begin) = static_cast<vertex>(all.size() + v);
  return true;
}

/// None if it is live, or no node at all.
wait_graph::vertex wait_graph::node_of(std::uintptr_t p) noexcept {
  const memory::range n = graph.unreached(p);
  if (n.end == 0)
    return none;
  if (!make_room_for_nodes()) {
    whole = false;
    return none;
  }
  vertex *v = slot_of(n.begin);
  if (*v == 0) {
    whole = nodes.push_back(n) && states.push_back({}) && whole;
    *v = static_cast<vertex>(all.size() + nodes.size() - 1);
  }
  return *v;
}

void wait_graph::add_arrow(vertex from, vertex to) noexcept {
  if (from != none && to != none)
    whole = arrows.push_back({from, to}) && whole;
}

void wait_graph::add_memory(const core::execution &who, std::uintptr_t p) noexcept {
  add_arrow(number(who), node_of(p));
}

SLUICE_RAW_READ void wait_graph::add_memory_of(const core::execution &who,
                                               memory::range memory) noexcept {
  constexpr std::uintptr_t word = sizeof(std::uintptr_t);
  for (std::uintptr_t at = (memory.begin + word - 1) & ~(word - 1); at + word <= memory.end;
       at += word)
    add_memory(who, *reinterpret_cast<const volatile std::uintptr_t *>(at));
}

void wait_graph::add_wait(const core::execution &who, const core::primitive *p) noexcept {
  add_arrow(node_of(reinterpret_cast<std::uintptr_t>(p)), number(who));
}

void wait_graph::add_owner(const core::execution &who, const core::execution &owner) noexcept {
  const vertex from = number(owner), to = number(who);
  add_arrow(from, to);
  if (from != none && to != none)
    whole = owned.push_back({from, to}) && whole;
}

void wait_graph::enter(vertex v) noexcept {
  states[v].order = states[v].low = ++seen;
  const arrow *first = std::lower_bound(arrows.begin(), arrows.end(), v,
                                        [](const arrow &a, vertex v) { return a.from < v; });
  visit at{v, static_cast<std::size_t>(first - arrows.begin()), 0, 0};
  if (v >= all.size()) {
    constexpr std::uintptr_t word = sizeof(std::uintptr_t);
    const memory::range m = nodes[v - all.size()];
    at.next_word = (m.begin + word - 1) & ~(word - 1);
    at.end = m.end;
  }
  whole = open.push_back(v) && path.push_back(at) && whole;
}

/// None: there is no other.
SLUICE_RAW_READ wait_graph::vertex wait_graph::successor(visit &v) noexcept {
  if (v.next_arrow < arrows.size() && arrows[v.next_arrow].from == v.at)
    return arrows[v.next_arrow++].to;
  for (constexpr std::uintptr_t word = sizeof(std::uintptr_t); v.next_word + word <= v.end;) {
    const auto p = *reinterpret_cast<const volatile std::uintptr_t *>(v.next_word);
    v.next_word += word;
    if (const vertex to = node_of(p); to != none)
      return to;
  }
  return none;
}

/// All that the last on the path leads to is known.
void wait_graph::leave() noexcept {
  const vertex v = path.pop_back().at;
  if (states[v].low == states[v].order) {
    ++parts;
    for (vertex w = none; w != v;) {
      w = open.pop_back();
      states[w].part = parts;
    }
  }
  if (!path.empty()) {
    state &before = states[path[path.size() - 1].at];
    before.low = std::min(before.low, states[v].low);
  }
}

void wait_graph::search_from(vertex v) noexcept {
  enter(v);
  while (whole && !path.empty()) {
    visit &last = path[path.size() - 1];
    const vertex from = last.at, to = successor(last);
    if (to == none)
      leave();
    else if (states[to].order == 0)
      enter(to);
    else if (states[to].part == 0)
      states[from].low = std::min(states[from].low, states[to].order);
  }
}

/// Several who wait on one primitive do not wait for each other, unless one of them holds it.
bool wait_graph::is_cycle(const vertex *begin, const vertex *end) const noexcept {
  for (const arrow &a : owned)
    if (states[a.from].part == states[*begin].part && states[a.to].part == states[*begin].part)
      return true;
  return std::any_of(begin, end, [&](vertex v) {
    return (all.begin() + v)->who->on != (all.begin() + *begin)->who->on;
  });
}

void wait_graph::number_cycles() noexcept {
  memory::mapped_vector<vertex> by_part;
  for (vertex v = 0; v < all.size(); ++v)
    whole = by_part.push_back(v) && whole;
  std::sort(by_part.begin(), by_part.end(), [&](vertex a, vertex b) {
    return states[a].part != states[b].part ? states[a].part < states[b].part : a < b;
  });
  std::uint32_t last = 0;
  for (const vertex *begin = by_part.begin(); begin != by_part.end();) {
    const vertex *end = begin;
    while (end != by_part.end() && states[*end].part == states[*begin].part)
      ++end;
    if (is_cycle(begin, end)) {
      ++last;
      for (const vertex *v = begin; v != end; ++v)
        all[*v].cycle = last;
    }
    begin = end;
  }
}

void wait_graph::find_cycles() noexcept {
  std::sort(arrows.begin(), arrows.end(),
            [](const arrow &a, const arrow &b) { return a.from < b.from; });
  for (vertex v = 0; whole && v < all.size(); ++v)
    if (states[v].order == 0)
      search_from(v);
  if (whole)
    number_cycles();
}

} // namespace sluice::observe
