// Everyone who can wait: the slab of tasks, and the list of threads.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/task.hpp"
#include "core/thread_record.hpp"

#include <cstdint>

namespace sluice::core {

/// An unused slot, with a fresh id and cleared books.
task *new_task() noexcept;

/// Gives a slot back to the slab.
void free_task(task *t) noexcept;

/// Calls `f(task, arg)` for every slot in use. Takes no lock; what runs meanwhile may be seen or
/// not.
void for_each_task(void (*f)(task &, void *), void *arg);

/// Calls `f(thread, arg)` for every thread that has used the library, with the list locked.
void for_each_thread(void (*f)(thread_record &, void *), void *arg);

/// As for_each_thread, without the lock: for a stopped world.
void for_each_stopped_thread(void (*f)(thread_record &, void *), void *arg);

/// Calls `f(from, to, arg)` for each mapping that holds slots of tasks. Takes no lock.
void for_each_task_mapping(void (*f)(char *from, char *to, void *arg), void *arg);

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
