// Where heap blocks start: one bit for each 16 bytes of address space, kept by the malloc wrappers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

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

/// Calls `f(arg, block)` for every block that starts in `within`, in ascending order. To be called
/// while the world stands still.
void for_each_block(range within, void (*f)(void *arg, range block), void *arg) noexcept;

/// All the map's own memory, which holds no pointers of the program.
void for_each_map_region(void (*f)(void *arg, range region), void *arg) noexcept;

/// The memory that the allocator took for the block that starts at `begin`: a mapping of its own or
/// a thread's arena. Empty when it lies in the main arena.
range allocator_region(std::uintptr_t begin) noexcept;

} // namespace sluice::memory
