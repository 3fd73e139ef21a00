// A task: one slot of the slab that is also the registry.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/context.hpp"
#include "core/execution.hpp"
#include "core/stack_pool.hpp"

#include <cstddef>

namespace sluice::core {

/// The words of the C++ runtime that belong to whoever runs: without swapping them, two tasks
/// parked in catch blocks would share one chain of exceptions. The layout is the Itanium ABI's.
struct exception_globals {
  void *caught = nullptr;
  unsigned uncaught = 0;
};

/// A stackful task. The stack comes with the first turn and leaves with the last.
struct task : execution {
  static constexpr std::size_t inline_closure = 64;
  static constexpr std::size_t inline_name = 24;

  saved_context saved; // meaningful while the task does not run
  task *next = nullptr;
  core::stack *stack = nullptr;
  std::size_t stack_size = 0;
  exception_globals exceptions;
  bool heap_name = false;
  void (*entry)(void *) = nullptr; // runs the closure and destroys it
  void *closure = nullptr;
  std::uint32_t closure_alignment = 0;
  alignas(std::max_align_t) std::byte closure_space[inline_closure];
  char name_space[inline_name];
};

} // namespace sluice::core
