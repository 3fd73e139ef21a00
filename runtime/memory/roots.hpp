// The memory that is live by itself: data segments, unknown mappings, and what threads use.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "memory/reach.hpp"
#include "memory/world.hpp"

#include <span>

namespace sluice::memory {

/// Ranges with room for all that one look needs.
using range_list = mapped_vector<range>;

/// What roots() needs to know beside the map of the process.
struct root_query {
  std::span<const stopped_thread> threads; // those whose whole stack is live
  range_list &excluded;                    // our own books and all task stacks
  std::uintptr_t own_stack = 0;            // where the caller's live stack begins
  std::uintptr_t own_tls = 0;              // the caller's thread pointer
};

/// Appends every root to `out`. The nodes of `graph` are no roots, nor is allocator memory between
/// them. Returns false if the map of the process could not be read or some memory not be judged.
bool find_roots(const root_query &query, reach &graph, range_list &out) noexcept;

/// Calls `f(arg)` with the dynamic linker's lock, which find_roots() and thread_locals() take: so
/// it has to be had before the world stops. It comes before all other locks, as constructors run in
/// it.
void with_loader_locked(void (*f)(void *arg), void *arg) noexcept;

/// From `sp` to the end of the mapping it lies in, which is a thread's stack; empty if there is
/// none.
range stack_part(std::uintptr_t sp) noexcept;

/// The thread-locals and the control block of the thread (not the process's first) with the thread
/// pointer `tls`.
range thread_locals(std::uintptr_t tls) noexcept;

} // namespace sluice::memory
