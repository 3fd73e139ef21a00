// Stacks with the tasks on them: slots of growing slabs, guarded, used again while they are warm.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The slabs are also the registry of tasks.
#pragma once

#include "core/task.hpp"

#include <cstddef>
#include <cstdint>

namespace sluice::core {

/// A task in state `free`, on a stack of at least `size` bytes, itself and the guard included (0:
/// the default). Ends the process with a clear message when the machine gives no memory for it.
task *take_task(std::size_t size) noexcept;

/// Gives a task back that has ended; its memory stays warm.
void give_task(task *t) noexcept;

/// Has the memory that a task's first turn touches on its way.
inline void prefetch_task(const task *t) noexcept {
  const auto end = reinterpret_cast<std::uintptr_t>(t);
  for (std::uintptr_t line = end - 384; line < end + sizeof(task); line += 64)
    __builtin_prefetch(reinterpret_cast<const void *>(line), 1);
}

/// Whether the words at the end of an unguarded stack are still whole.
bool canary_whole(const stack &s) noexcept;

/// The size of stack that take_task(0) gives.
std::size_t default_stack_size() noexcept;

/// Whether it is as good as one from take_task(0).
bool has_default_size(const stack &s) noexcept;

/// Calls `f(task, arg)` for every task that is not free. Takes no lock; what runs meanwhile may be
/// seen or not.
void for_each_task(void (*f)(task &, void *), void *arg);

/// Calls `f(from, to, slot, arg)` for each mapping that holds stacks, one in each `slot` bytes.
/// Takes no lock: for a stopped world.
void for_each_stack_mapping(void (*f)(char *from, char *to, std::size_t slot, void *arg),
                            void *arg);

/// Gives the memory of some stacks back to the system, of those that were not used since it last
/// found none, or of any, but for a few; false if there are none.
bool return_idle_stacks(bool all) noexcept;

/// How many unused stacks hold memory that return_idle_stacks(true) would give back.
std::size_t returnable_stacks() noexcept;

/// Fork, and a stopped world: holds and releases the pool's lock around it. The child of a fork
/// forgets all tasks; their memory stays.
void lock_stack_pool() noexcept;
void unlock_stack_pool() noexcept;
void forget_tasks() noexcept;

/// A worker's own few tasks with stacks of the default size, last in first out.
class task_cache {
public:
  task *take(std::size_t size) noexcept {
    if (size != 0) [[unlikely]]
      return take_task(size);
    if (!first) [[unlikely]]
      refill();
    task *t = first;
    first = static_cast<task *>(t->next);
    prefetch_task(first);
    --count;
    return t;
  }
  void give(task *t) noexcept {
    if (!has_default_size(t->stack)) [[unlikely]]
      return give_task(t);
    t->next = first;
    first = t;
    if (++count == 2 * portion) [[unlikely]]
      shed();
  }

private:
  static constexpr int portion = 32;
  void refill() noexcept;
  void shed() noexcept;

  task *first = nullptr;
  int count = 0;
};

} // namespace sluice::core
