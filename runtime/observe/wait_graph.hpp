// Who waits for each other, among those who can never go on.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/execution.hpp"
#include "memory/reach.hpp"

#include <cstdint>

namespace sluice::observe {

/// One who can never go on, and the cycle it is part of: 0 if it is in none.
struct stuck {
  const core::execution *who = nullptr;
  std::uint32_t cycle = 0;
};

/// An arrow leads from each to whom it could free: from who holds a lock to who wants it, and from
/// a stack through the memory that it reaches to who waits on a primitive in there. Who is in one
/// strongly connected part waits for each other. For a stopped world: nothing here allocates.
class wait_graph {
public:
  /// `graph` has marked all that is live.
  explicit wait_graph(memory::reach &graph) noexcept : graph(graph) {}

  /// First all who are stuck, in any order, and then end_of_members().
  void add(const core::execution &who) noexcept;
  void end_of_members() noexcept;

  /// `who` reaches what `p` points into.
  void add_memory(const core::execution &who, std::uintptr_t p) noexcept;
  /// `who` reaches what the words of `memory` point into.
  void add_memory_of(const core::execution &who, memory::range memory) noexcept;
  /// What reaches `p` may free `who`.
  void add_wait(const core::execution &who, const core::primitive *p) noexcept;
  /// Nobody but `owner`, and whoever else is named so, can free `who`.
  void add_owner(const core::execution &who, const core::execution &owner) noexcept;

  /// Numbers the cycles.
  void find_cycles() noexcept;

  /// All who are stuck, in order of their addresses.
  memory::mapped_vector<stuck> &members() noexcept { return all; }
  /// The one with that address; null if it is not stuck.
  const stuck *find(const core::execution &who) const noexcept;
  /// Whether the kernel gave all the memory that was needed.
  bool complete() const noexcept { return whole; }

private:
  using vertex = std::uint32_t; // a member, or behind those a node of the memory
  struct arrow {
    vertex from, to;
  };
  struct visit {
    vertex at;
    std::size_t next_arrow;
    std::uintptr_t next_word, end;
  };
  struct state {
    std::uint32_t order, low, part; // zero: not yet seen, not yet known
  };
  static constexpr vertex none = UINT32_MAX;

  vertex number(const core::execution &who) const noexcept;
  vertex node_of(std::uintptr_t p) noexcept;
  bool make_room_for_nodes() noexcept;
  vertex *slot_of(std::uintptr_t begin) noexcept;
  void add_arrow(vertex from, vertex to) noexcept;
  void enter(vertex v) noexcept;
  void leave() noexcept;
  vertex successor(visit &v) noexcept;
  void search_from(vertex v) noexcept;
  bool is_cycle(const vertex *begin, const vertex *end) const noexcept;
  void number_cycles() noexcept;

  memory::reach &graph;
  memory::mapped_vector<stuck> all;
  memory::mapped_vector<memory::range> nodes;   // in the order in which they were met
  memory::mapped_vector<vertex> number_by_hash; // of nodes; open addressing, at most half full
  memory::mapped_vector<arrow> arrows;
  memory::mapped_vector<arrow> owned;  // from owners: one of these makes any cycle one of locks
  memory::mapped_vector<state> states; // as far as a vertex was entered
  memory::mapped_vector<visit> path;
  memory::mapped_vector<vertex> open;
  std::uint32_t seen = 0, parts = 0;
  bool whole = true;
};

} // namespace sluice::observe
