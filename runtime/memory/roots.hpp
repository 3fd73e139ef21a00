// The memory that is live by itself: data segments, unknown mappings, and what threads use.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "memory/process_map.hpp"
#include "memory/world.hpp"

#include <link.h>
#include <span>

namespace sluice::memory {

/// What the dynamic linker knows. To be made before the world stops: who throws or loads a library
/// holds the linker's lock.
class loaded_objects {
public:
  /// `passed_over`: an address in an object whose variables are not looked at; null: none.
  explicit loaded_objects(const void *passed_over) noexcept;
  /// The bytes of thread-locals that a thread has next to its thread pointer, at most.
  std::size_t thread_local_bytes() const noexcept { return locals; }
  /// Where variables lie.
  const range_list &segments() const noexcept { return data; }
  /// Those of the object that is passed over.
  const range_list &passed_over() const noexcept { return unseen; }
  /// The pages it stands on.
  range pages() const noexcept { return data.pages(); }

private:
  void add(const dl_phdr_info &object, const void *apart) noexcept;

  std::size_t locals = 0;
  range_list data, unseen;
};

/// What find_roots() needs to know beside the map of the process.
struct root_query {
  const process_map &mappings;
  std::span<const stopped_thread> threads; // those whose whole stack is live
  const range_list &excluded;              // our own books and all task stacks
  const loaded_objects &objects;
  std::uintptr_t own_stack = 0; // where the caller's live stack begins
  std::uintptr_t own_tls = 0;   // the caller's thread pointer
};

/// What it finds. A copy of the process has the private ones as they were.
struct root_lists {
  range_list own;    // private memory
  range_list shared; // memory that others may write to
};

/// Appends every root. Blocks of the heap are none, nor is allocator memory between them.
void find_roots(const root_query &query, root_lists &out) noexcept;

/// The thread-locals of the thread (not the process's first) with the thread pointer `tls`.
range thread_locals(const loaded_objects &objects, std::uintptr_t tls) noexcept;

/// What a leaf function may have below its stack pointer.
constexpr std::uintptr_t red_zone = 128;

} // namespace sluice::memory
