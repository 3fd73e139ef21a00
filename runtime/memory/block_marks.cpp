// Which blocks of the heap were reached, kept beside the map of where they start.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "memory/block_marks.hpp"

#include "memory/kernel.hpp"

#include <algorithm>

namespace sluice::memory {

block_marks::~block_marks() {
  for (std::size_t i = 0; i < count; ++i)
    if (leaves[i].made)
      kernel_unmap(leaves[i].made, leaf_bytes);
  if (leaves)
    kernel_unmap(leaves, count * sizeof(leaf));
}

bool block_marks::add_leaf(std::size_t index) noexcept {
  leaf &l = leaves[index - first];
  l.starts = leaf_starts(index);
  if (!l.starts)
    return true;
  void *fresh = kernel_pages(leaf_bytes, MAP_NORESERVE);
  if (!fresh)
    return false;
  syscall(SYS_madvise, fresh, leaf_bytes, MADV_HUGEPAGE);
  l.made = static_cast<notes *>(fresh);
  l.summary = reinterpret_cast<std::uint64_t *>(l.made + leaf_words);
  l.top = l.summary + summary_words;
  return true;
}

/// Only what is mapped: elsewhere there are no blocks, and the map has not been touched.
void block_marks::sum_up(range memory) noexcept {
  constexpr std::uintptr_t covered = std::uintptr_t{64} << granule_bits; // by one word
  for (std::uintptr_t at = memory.begin / covered * covered; at < memory.end; at += covered) {
    const std::size_t i = (at >> leaf_bits) - first;
    if (i >= count)
      return;
    leaf &l = leaves[i];
    if (!l.starts) {
      at = (at / leaf_span + 1) * leaf_span - covered;
      continue;
    }
    const std::size_t w = at % leaf_span / covered;
    if (!l.starts[w].load(std::memory_order_relaxed)) // as in start_before()
      continue;
    l.summary[w / 64] |= std::uint64_t{1} << (w % 64);
    l.top[w / 64 / 64] |= std::uint64_t{1} << (w / 64 % 64);
  }
}

/// A block may be larger than what a leaf covers.
void block_marks::carry_over() noexcept {
  for (std::size_t i = 0; i + 1 < count; ++i) {
    if (!leaves[i].starts && !leaves[i].carried)
      continue;
    const std::uintptr_t end = (first + i + 1) << leaf_bits;
    const std::uintptr_t last = start_before(end - 1);
    if (last && last + block_size(last) >= end)
      leaves[i + 1].carried = last;
  }
}

bool block_marks::build(const process_map &mappings) noexcept {
  std::size_t last = 0;
  first = leaf_count;
  for (std::size_t i = 0; i < leaf_count; ++i)
    if (leaf_starts(i)) {
      first = std::min(first, i);
      last = i;
    }
  if (first == leaf_count)
    return true;
  // A block that starts in the last leaf may end after it; nobody has one of four terabytes.
  const std::size_t entries = std::min(leaf_count, last + 1 + 4096) - first;
  leaves = static_cast<leaf *>(kernel_pages(entries * sizeof(leaf), MAP_NORESERVE));
  if (!leaves)
    return false;
  count = entries;
  bool ok = true;
  for (std::size_t i = first; i <= last; ++i)
    ok = add_leaf(i) && ok;
  if (!ok)
    return false;
  for (const mapping &m : mappings)
    if (m.readable && !m.shared && m.memory.end >> leaf_bits >= first)
      sum_up({std::max(m.memory.begin, first << leaf_bits), m.memory.end});
  carry_over();
  return true;
}

void block_marks::for_each_region(void (*f)(void *, range), void *arg) const noexcept {
  auto whole = [](const void *p, std::size_t n) {
    return range{reinterpret_cast<std::uintptr_t>(p), reinterpret_cast<std::uintptr_t>(p) + n};
  };
  f(arg, whole(leaves, count * sizeof(leaf)));
  for (std::size_t i = 0; i < count; ++i)
    if (leaves[i].made)
      f(arg, whole(leaves[i].made, leaf_bytes));
}

} // namespace sluice::memory
