// Which heap blocks and parked stacks a set of roots can reach: the marking of a conservative
// garbage collector.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "memory/block_marks.hpp"

#include <utility>

namespace sluice::memory {

/// The graph. First add_slab, add_stack and add_frame, then seal; then scan what is live and call
/// drain(), as often as needed. The nodes are the blocks of the heap, and what was added. An
/// aligned word that points into a node, or one past the end of a block, reaches it, and its words
/// are then followed.
class reach {
public:
  /// Stacks lie in slots of `slot` bytes, a power of two, of `memory`.
  void add_slab(range memory, std::size_t slot) noexcept;
  /// Adds the used part of a stack in a slot of a slab: no root by itself. `tag` is the caller's.
  void add_stack(range used, std::uint32_t tag) noexcept;
  /// The tag of the stack that `p` lies in, which was added.
  std::uint32_t tag_of(std::uintptr_t p) const noexcept;
  /// Adds a piece of stack that lies elsewhere: no root by itself either.
  void add_frame(range memory) noexcept;
  /// Puts all in order; nothing may be added afterwards.
  void seal(const process_map &mappings) noexcept;

  /// Takes note of the words of `memory`, which must be readable.
  void scan(range memory) noexcept;
  /// As if a root pointed to `p`.
  void mark_pointer(std::uintptr_t p) noexcept;
  /// Has the word at `at` reach no stack; to be called in ascending order.
  void disregard(std::uintptr_t at) noexcept;
  /// Counts the node that `p` lies in as followed, without doing so.
  void pass_over(std::uintptr_t p) noexcept;
  /// Has the words of a stack followed, as of what can run.
  void mark_stack(range used) noexcept;
  /// The node that `p` lies in, if nothing that was followed reaches it; else empty.
  range unreached(std::uintptr_t p) const noexcept;
  /// Follows everything that was reached.
  void drain() noexcept;

  /// Has next_reached() name the node that `p` lies in once it is reached; false if it lies in
  /// none.
  bool watch(std::uintptr_t p) noexcept;
  /// A node that was watched and is reached; each comes once.
  bool next_reached(range &node) noexcept;

  /// Whether the kernel gave all the memory that was needed.
  bool complete() const noexcept { return complete_; }
  /// Bytes that were scanned so far.
  std::size_t scanned() const noexcept { return scanned_; }
  /// The memory of the graph itself.
  void for_each_region(void (*f)(void *, range), void *arg) const noexcept;

private:
  struct node {
    range memory;
    bool reached = false;
    bool watched = false;
    std::uint32_t tag = 0; // of a stack
  };
  struct slab {
    range memory;
    unsigned slot_bits;
    std::size_t first; // its first in stacks_
  };
  /// A word that was found at `at`.
  struct candidate {
    std::uintptr_t p, at;
  };
  static constexpr std::size_t ahead = 8;        // nodes on their way into the cache
  static constexpr std::size_t words_ahead = 32; // candidates whose marks are

  void consider(std::uintptr_t p, std::uintptr_t at) noexcept;
  void visit_oldest() noexcept;
  void visit(std::uintptr_t p, std::uintptr_t at) noexcept;
  void visit_stack(node &n, std::uintptr_t p, std::uintptr_t at) noexcept;
  bool is_disregarded(std::uintptr_t at) const noexcept;
  void reach_block(std::uintptr_t start) noexcept;
  void reach_node(node &n) noexcept;
  const node *stack_at(std::uintptr_t p) const noexcept;
  node *stack_at(std::uintptr_t p) noexcept {
    return const_cast<node *>(std::as_const(*this).stack_at(p));
  }
  const node *frame_at(std::uintptr_t p) const noexcept;
  node *frame_at(std::uintptr_t p) noexcept {
    return const_cast<node *>(std::as_const(*this).frame_at(p));
  }
  void follow(range memory) noexcept;
  void follow_large(range memory) noexcept;
  void push(range memory) noexcept { complete_ = work_.push_back(memory) && complete_; }

  block_marks blocks_;
  mapped_vector<slab> slabs_;
  mapped_vector<node> stacks_; // by slot
  mapped_vector<node> frames_; // in order of address
  range slab_span_{UINTPTR_MAX, 0};
  range node_span_{UINTPTR_MAX, 0};           // of everything
  mapped_vector<std::uintptr_t> disregarded_; // in order
  range_list unreadable_;
  mapped_vector<range> work_;      // reached, not yet followed; a block is {start, 0}
  mapped_vector<range> announced_; // what next_reached() has not named yet
  candidate candidates_[words_ahead];
  std::size_t first_candidate_ = 0, candidate_count_ = 0;
  std::size_t scanned_ = 0;
  bool complete_ = true;
};

} // namespace sluice::memory
