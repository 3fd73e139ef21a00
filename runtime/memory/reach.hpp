// Which heap blocks and parked stacks a set of roots can reach: the marking of a conservative
// garbage collector.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "memory/mapped_vector.hpp"

namespace sluice::memory {

/// A block or a parked stack. `tag` is the caller's; blocks of the heap have 0.
struct node {
  range memory;
  std::uint64_t tag = 0;
  bool reached = false;
};

/// The graph. First add_heap and add_node, then seal, then mark as often as needed. An aligned word
/// that points into a node, or one past the end of a block, reaches it; its words are then
/// followed.
class reach {
public:
  /// Adds every block of the heap.
  void add_heap() noexcept;
  /// Adds memory that is no root by itself.
  void add_node(range memory, std::uint64_t tag) noexcept;
  /// Puts the nodes in order; none may be added afterwards.
  void seal() noexcept;

  /// Follows all words of `root`, which must be readable.
  void mark(range root) noexcept;
  /// As if a root pointed to `p`.
  void mark_pointer(std::uintptr_t p) noexcept;

  /// The node that `p` lies in, or null.
  node *find(std::uintptr_t p) noexcept;
  /// All nodes, in order of address.
  mapped_vector<node> &nodes() noexcept { return nodes_; }
  /// Whether the kernel gave all the memory that was needed.
  bool complete() const noexcept { return complete_; }
  /// The pages of the graph itself.
  range pages() const noexcept { return nodes_.pages(); }
  range work_pages() const noexcept { return work_.pages(); }

private:
  void scan(range memory) noexcept;
  void drain() noexcept;

  mapped_vector<node> nodes_;
  mapped_vector<std::size_t> work_; // nodes reached but not yet followed
  bool complete_ = true;
};

} // namespace sluice::memory
