// How long a block of the heap is, from what the allocator keeps before it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "memory/sanitizer_heap.hpp"

#include <features.h>

namespace sluice::memory {

// glibc's chunk header: the previous chunk's size, then the own one with flags in its low bits. It
// has been the same since 2.3. malloc_usable_size() would read the next chunk's header too.
#ifdef __GLIBC__
constexpr std::size_t smallest_usable = 3 * sizeof(std::size_t);
#else
constexpr std::size_t smallest_usable = 1;
#endif

/// No block is shorter.
constexpr std::size_t smallest_block = under_sanitizer ? 1 : smallest_usable;

/// The bytes that may be used of the block that starts at `start`.
inline std::size_t block_size(std::uintptr_t start) noexcept {
  if constexpr (under_sanitizer)
    return sanitizer_block_size(reinterpret_cast<void *>(start));
#ifdef __GLIBC__
  constexpr std::size_t is_mapped = 2, flags = 7, own_word = sizeof(std::size_t);
  const std::size_t header = reinterpret_cast<const std::size_t *>(start)[-1];
  return (header & ~flags) - (header & is_mapped ? 2 * own_word : own_word);
#else
  return 1;
#endif
}

} // namespace sluice::memory
