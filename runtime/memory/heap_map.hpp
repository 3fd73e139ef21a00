// Where heap blocks start: one bit for each 16 bytes of address space, kept by the malloc wrappers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace sluice::memory {

/// A range of addresses, its end excluded.
struct range {
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
  bool contains(std::uintptr_t p) const { return p >= begin && p < end; }
};

/// Notes that a block starts at `p`. Null is ignored.
void note_block(void *p) noexcept;

/// Notes that no block starts at `p` any more; to be called before the memory can be reused.
void forget_block(void *p) noexcept;

/// Whether every block of the process is in the map: the wrappers are in use, none was lost, and no
/// sanitizer or other allocator stands before them.
bool heap_is_known() noexcept;

// The map, for who reads it while the world stands still: leaf `i` covers the addresses from
// i * leaf_span on, with a bit for each granule.
using heap_word = std::atomic<std::uint64_t>;
constexpr unsigned granule_bits = 4;
constexpr unsigned leaf_bits = 30;
constexpr unsigned address_bits = 47;
constexpr std::uintptr_t leaf_span = std::uintptr_t{1} << leaf_bits;
constexpr std::size_t leaf_words = std::size_t{1} << (leaf_bits - granule_bits - 6);
constexpr std::size_t leaf_count = std::size_t{1} << (address_bits - leaf_bits);

/// The words of a leaf; null if no block was ever there.
const heap_word *leaf_starts(std::size_t index) noexcept;

/// The first block that starts in `within`, or 0.
std::uintptr_t first_block(range within) noexcept;

/// All the map's own memory, which holds no pointers of the program.
void for_each_map_region(void (*f)(void *arg, range region), void *arg) noexcept;

/// The memory that the allocator took for the block that starts at `begin`: a mapping of its own or
/// a thread's arena. Empty when it lies in the main arena.
range allocator_region(std::uintptr_t begin) noexcept;

} // namespace sluice::memory
