// Which blocks of the heap were reached, kept beside the map of where they start.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A pointer finds its block without a tree: its own word of the start-bit map, or else the nearest
// word before it that has a bit, by two levels of summary. Its length is asked for only if the
// pointer does not point to its beginning, and read from the block's own header.
#pragma once

#include "memory/block_size.hpp"
#include "memory/process_map.hpp"

#include <bit>

namespace sluice::memory {

/// The marks of one search. Built while the world stands still, after which blocks neither come nor
/// go.
class block_marks {
public:
  block_marks() = default;
  block_marks(const block_marks &) = delete;
  block_marks &operator=(const block_marks &) = delete;
  ~block_marks();

  /// Sums the map up; false if the kernel gave no memory.
  bool build(const process_map &mappings) noexcept;

  /// The start of the block that `p` points into, or one past the end of; 0 if there is none.
  std::uintptr_t find(std::uintptr_t p) const noexcept;
  /// Has what find() and mark() read of a block at `p` on its way into the cache.
  void prefetch(std::uintptr_t p) const noexcept;
  /// Marks the block that starts at `start`; whether it was not marked before.
  bool mark(std::uintptr_t start) noexcept;
  bool is_marked(std::uintptr_t start) const noexcept;
  /// A note of the caller's on a block.
  void watch(std::uintptr_t start) noexcept;
  bool is_watched(std::uintptr_t start) const noexcept;

  /// All blocks lie in there.
  range span() const noexcept { return {first << leaf_bits, (first + count) << leaf_bits}; }

  /// Its own memory, which holds no pointers of the program.
  void for_each_region(void (*f)(void *, range), void *arg) const noexcept;

private:
  struct notes {
    std::uint64_t marked, watched;
  };
  struct leaf {
    const heap_word *starts;
    notes *made;
    std::uint64_t *summary; // a bit for each word of `starts` that is not zero
    std::uint64_t *top;     // a bit for each word of `summary` that is not zero
    std::uintptr_t carried; // the block from before that reaches into this leaf, or 0
  };
  static constexpr std::size_t summary_words = leaf_words / 64;
  static constexpr std::size_t top_words = summary_words / 64;
  static constexpr std::size_t leaf_bytes =
      leaf_words * sizeof(notes) + (summary_words + top_words) * sizeof(std::uint64_t);
  static constexpr std::size_t none = SIZE_MAX;

  bool add_leaf(std::size_t index) noexcept;
  void sum_up(range memory) noexcept;
  void carry_over() noexcept;
  static std::size_t word_before(const leaf &l, std::size_t w) noexcept;
  std::uintptr_t start_before(std::uintptr_t p) const noexcept;
  notes &notes_of(std::uintptr_t start, std::uint64_t &bit) const noexcept;

  leaf *leaves = nullptr; // those from `first` on
  std::size_t first = 0, count = 0;
};

inline std::size_t block_marks::word_before(const leaf &l, std::size_t w) noexcept {
  std::size_t s = w / 64;
  std::uint64_t bits = l.summary[s] & ((std::uint64_t{1} << (w % 64)) - 1);
  if (!bits) {
    std::size_t t = s / 64;
    std::uint64_t higher = l.top[t] & ((std::uint64_t{1} << (s % 64)) - 1);
    while (!higher && t > 0)
      higher = l.top[--t];
    if (!higher)
      return none;
    s = t * 64 + 63 - static_cast<std::size_t>(std::countl_zero(higher));
    bits = l.summary[s];
  }
  return s * 64 + 63 - static_cast<std::size_t>(std::countl_zero(bits));
}

inline std::uintptr_t block_marks::start_before(std::uintptr_t p) const noexcept {
  const std::size_t i = (p >> leaf_bits) - first; // wraps for what lies before
  if (i >= count)
    return 0;
  const leaf &l = leaves[i];
  if (!l.starts)
    return l.carried;
  const std::size_t granule = (p % leaf_span) >> granule_bits;
  std::size_t w = granule / 64;
  // Relaxed: the world stands still, the stop has ordered all that came before it.
  std::uint64_t bits =
      l.starts[w].load(std::memory_order_relaxed) & (~std::uint64_t{0} >> (63 - granule % 64));
  if (!bits) {
    w = word_before(l, w);
    if (w == none)
      return l.carried;
    bits = l.starts[w].load(std::memory_order_relaxed); // as above
  }
  const std::size_t at = w * 64 + 63 - static_cast<std::size_t>(std::countl_zero(bits));
  return ((first + i) << leaf_bits) + (at << granule_bits);
}

inline void block_marks::prefetch(std::uintptr_t p) const noexcept {
  const std::size_t i = (p >> leaf_bits) - first;
  if (i >= count || !leaves[i].starts)
    return;
  const std::size_t w = (p % leaf_span) >> granule_bits >> 6;
  __builtin_prefetch(leaves[i].starts + w);
  __builtin_prefetch(leaves[i].made + w, 1);
}

inline std::uintptr_t block_marks::find(std::uintptr_t p) const noexcept {
  const std::uintptr_t start = start_before(p);
  if (start == 0 || p - start < smallest_block)
    return start;
  return p - start <= block_size(start) ? start : 0;
}

inline block_marks::notes &block_marks::notes_of(std::uintptr_t start,
                                                 std::uint64_t &bit) const noexcept {
  const std::size_t granule = (start % leaf_span) >> granule_bits;
  bit = std::uint64_t{1} << (granule % 64);
  return leaves[(start >> leaf_bits) - first].made[granule / 64];
}

inline bool block_marks::mark(std::uintptr_t start) noexcept {
  std::uint64_t bit = 0;
  notes &n = notes_of(start, bit);
  const bool fresh = !(n.marked & bit);
  n.marked |= bit;
  return fresh;
}

inline bool block_marks::is_marked(std::uintptr_t start) const noexcept {
  std::uint64_t bit = 0;
  return notes_of(start, bit).marked & bit;
}

inline void block_marks::watch(std::uintptr_t start) noexcept {
  std::uint64_t bit = 0;
  notes &n = notes_of(start, bit);
  n.watched |= bit;
}

inline bool block_marks::is_watched(std::uintptr_t start) const noexcept {
  std::uint64_t bit = 0;
  return notes_of(start, bit).watched & bit;
}

} // namespace sluice::memory
