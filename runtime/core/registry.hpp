// Those who have not started yet, and the list of threads. The tasks are in core/stack_pool.hpp.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/stack_pool.hpp"
#include "core/thread_record.hpp"
#include "core/worker.hpp"

#include <cstdint>

namespace sluice::core {

/// An unused seed, with a fresh id; `starter` runs on the calling thread.
seed *new_seed(const execution &starter) noexcept;

/// Gives a seed back whose closure is gone.
void free_seed(seed *s) noexcept;

/// The same by the worker that the caller runs on.
void free_seed(worker &w, seed *s) noexcept;

/// Calls `f(seed, arg)` for every task that waits for its first turn. Takes no lock; what is
/// started meanwhile may be seen or not.
void for_each_seed(void (*f)(seed &, void *), void *arg);

/// How many unused seeds hold memory that is worth giving back.
std::size_t returnable_seeds() noexcept;

/// Gives the memory of seeds back if none is in use. All workers sleep, and cannot wake meanwhile.
void return_idle_seeds(worker *workers, unsigned count) noexcept;

/// Calls `f(thread, arg)` for every thread that has used the library, with the list locked.
void for_each_thread(void (*f)(thread_record &, void *), void *arg);

/// As for_each_thread, without the lock: for a stopped world.
void for_each_stopped_thread(void (*f)(thread_record &, void *), void *arg);

/// Calls `f(from, to, arg)` for each mapping that holds seeds. Takes no lock.
void for_each_seed_mapping(void (*f)(char *from, char *to, void *arg), void *arg);

/// An id that nobody has had.
std::uint64_t new_id() noexcept;

/// Enters a thread, and takes it out.
void enter_thread(thread_record *t) noexcept;
void leave_thread(thread_record *t) noexcept;

/// Fork, and a stopped world: holds and releases the registry's locks around it. The child of a
/// fork forgets all but `survivor`.
void lock_registry() noexcept;
void unlock_registry() noexcept;
void forget_registry(thread_record *survivor) noexcept;

} // namespace sluice::core
