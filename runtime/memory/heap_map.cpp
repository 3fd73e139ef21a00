// Where heap blocks start: one bit for each 16 bytes of address space, kept by the malloc wrappers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Invariants: a leaf covers 1 GiB, is made at the first block in it and never goes away. A bit is
// set after the allocator returned a block and cleared before it takes it back, so that a set bit
// is always a live block. Whoever is stopped in between has a block without a bit, which holds
// nothing yet, or no longer. realloc(), whose block does hold something, is not stopped in between:
// see memory/deferral.hpp.
#include "memory/heap_map.hpp"

#include "memory/kernel.hpp"
#include "memory/sanitizer_heap.hpp"

#include <atomic>
#include <cstdlib>

namespace sluice::memory {
namespace {

using word = heap_word;

constinit std::atomic<word *> leaves[leaf_count];
constinit std::atomic<bool> lost_blocks{false};

word *make_leaf(std::size_t index) noexcept {
  void *fresh = kernel_pages(leaf_words * sizeof(word), MAP_NORESERVE);
  if (!fresh)
    return nullptr;
  word *expected = nullptr;
  word *made = static_cast<word *>(fresh);
  if (leaves[index].compare_exchange_strong(expected, made, std::memory_order_acq_rel))
    return made;
  kernel_unmap(fresh, leaf_words * sizeof(word));
  return expected;
}

struct bit {
  word *in;
  std::uint64_t mask;
};

bit bit_of(std::uintptr_t p, bool make) noexcept {
  std::size_t index = p >> leaf_bits;
  if (index >= leaf_count)
    return {nullptr, 0};
  word *leaf = leaves[index].load(std::memory_order_acquire);
  if (!leaf && make)
    leaf = make_leaf(index);
  if (!leaf)
    return {nullptr, 0};
  std::size_t granule = (p & ((std::uintptr_t{1} << leaf_bits) - 1)) >> granule_bits;
  return {leaf + granule / 64, std::uint64_t{1} << (granule % 64)};
}

/// The first in leaf `index` from word `i` on, before `end`; 0 if there is none.
std::uintptr_t first_in_leaf(const word *leaf, std::size_t index, range within) noexcept {
  constexpr std::uintptr_t covered = std::uintptr_t{64} << granule_bits; // by one word
  const std::uintptr_t base = static_cast<std::uintptr_t>(index) << leaf_bits;
  const std::size_t first = within.begin > base ? (within.begin - base) / covered : 0;
  for (std::size_t i = first; i < leaf_words && base + i * covered < within.end; ++i)
    // Relaxed: the world stands still, the stop has ordered all that came before it.
    for (std::uint64_t bits = leaf[i].load(std::memory_order_relaxed); bits; bits &= bits - 1) {
      const std::uintptr_t p =
          base + i * covered + (static_cast<std::uintptr_t>(__builtin_ctzll(bits)) << granule_bits);
      if (within.contains(p))
        return p;
    }
  return 0;
}

} // namespace

void note_block(void *p) noexcept {
  if (!p)
    return;
  bit b = bit_of(reinterpret_cast<std::uintptr_t>(p), true);
  if (!b.in)
    lost_blocks.store(true, std::memory_order_relaxed); // read when the world stands still
  else
    // Relaxed: the map orders nothing for the program; its reader stops the world first.
    b.in->fetch_or(b.mask, std::memory_order_relaxed);
}

void forget_block(void *p) noexcept {
  bit b = bit_of(reinterpret_cast<std::uintptr_t>(p), false);
  if (b.in)
    b.in->fetch_and(~b.mask, std::memory_order_relaxed); // as in note_block
}

bool heap_is_known() noexcept {
  // The compiler may drop an allocation whose result is unused, hence the volatile pointers.
  void *(*volatile allocate)(std::size_t) = std::malloc;
  void (*volatile give_back)(void *) = std::free;
  void *p = allocate(32);
  bit b = bit_of(reinterpret_cast<std::uintptr_t>(p), false);
  bool known = b.in && (b.in->load(std::memory_order_relaxed) & b.mask);
  give_back(p);
  return known && !lost_blocks.load(std::memory_order_relaxed);
}

const heap_word *leaf_starts(std::size_t index) noexcept {
  return leaves[index].load(std::memory_order_acquire);
}

std::uintptr_t first_block(range within) noexcept {
  const std::size_t last = (within.end - 1) >> leaf_bits;
  for (std::size_t i = within.begin >> leaf_bits; i <= last && i < leaf_count; ++i)
    if (const word *leaf = leaf_starts(i))
      if (std::uintptr_t p = first_in_leaf(leaf, i, within))
        return p;
  return 0;
}

void for_each_map_region(void (*f)(void *, range), void *arg) noexcept {
  auto whole = [](const void *p, std::size_t n) {
    return range{reinterpret_cast<std::uintptr_t>(p), reinterpret_cast<std::uintptr_t>(p) + n};
  };
  f(arg, whole(leaves, sizeof leaves));
  for (auto &leaf : leaves)
    if (word *w = leaf.load(std::memory_order_relaxed))
      f(arg, whole(w, leaf_words * sizeof(word)));
}

range allocator_region(std::uintptr_t begin) noexcept {
  if constexpr (under_sanitizer)
    return {begin, begin};
#ifdef __GLIBC__
  // glibc's chunk header: the previous chunk's size, then the own one with flags in its low bits.
  // It is the same in every version since 2.3; a wrong guess makes memory a root, no worse.
  constexpr std::uintptr_t is_mapped = 2, not_main = 4, flags = 7;
  constexpr std::uintptr_t arena = std::uintptr_t{64} << 20;
  const auto *header = reinterpret_cast<const std::size_t *>(begin) - 2;
  std::uintptr_t chunk = begin - 2 * sizeof(std::size_t);
  if (header[1] & is_mapped)
    return {chunk - header[0], chunk + (header[1] & ~flags)};
  if (header[1] & not_main)
    return {begin & ~(arena - 1), (begin & ~(arena - 1)) + arena};
#endif
  return {begin, begin};
}

} // namespace sluice::memory
