// Stacks for tasks: slots of growing slabs, guarded, and used again while they are warm.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/sanitizer.hpp"

#include <cstddef>
#include <cstdint>

namespace sluice::core {

/// One slot. The usable part is [bottom, top); below it lies the guard, if there is one.
struct stack {
  char *bottom = nullptr;
  char *top = nullptr;
  stack *next = nullptr; // in a pool's list
  std::uint32_t size_class = 0;
  bool guarded = false;
  bool has_canary = false;
  bool prepared = false; // guard and colour are set
  sanitizer_stack sanitizer;
};

/// A stack with at least `size` usable bytes (0: the default). Ends the process with a clear
/// message when the machine gives no memory for it.
stack *take_stack(std::size_t size) noexcept;

/// Gives a stack back; its memory stays warm.
void give_stack(stack *s) noexcept;

/// Whether the words at the end of an unguarded stack are still whole.
bool canary_whole(const stack &s) noexcept;

/// The size of stack that take_stack(0) gives, guard included.
std::size_t default_stack_size() noexcept;

/// Whether it is as good as one from take_stack(0).
bool has_default_size(const stack &s) noexcept;

/// Calls `f(from, to, arg)` for each mapping that holds stacks. Takes no lock: for a stopped world.
void for_each_stack_mapping(void (*f)(char *from, char *to, void *arg), void *arg);

/// Fork: holds and releases the pool's lock around it.
void lock_stack_pool() noexcept;
void unlock_stack_pool() noexcept;

/// A worker's own few stacks of the default size, last in first out.
class stack_cache {
public:
  stack *take(std::size_t size) noexcept;
  void give(stack *s) noexcept;

private:
  static constexpr int most = 64;
  stack *first = nullptr;
  int count = 0;
};

} // namespace sluice::core
