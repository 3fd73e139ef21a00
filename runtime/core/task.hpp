// A task: what waits to be started, and what runs or is parked on a stack.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/context.hpp"
#include "core/execution.hpp"
#include "core/sanitizer.hpp"

#include <sluice/task.hpp>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace sluice::core {

/// The words of the C++ runtime that belong to whoever runs: without swapping them, two tasks
/// parked in catch blocks would share one chain of exceptions. The layout is the Itanium ABI's.
struct exception_globals {
  void *caught = nullptr;
  unsigned uncaught = 0;
};

/// A function object whose type is forgotten, in place if it is small.
struct closure {
  static constexpr std::size_t inline_size = 64;

  const closure_type *type = nullptr; // null: there is none
  void *at = nullptr;
  alignas(std::max_align_t) std::byte space[inline_size];
};

/// A task's name, in place if it is short: the books read it at any time, and what is in place is
/// always there.
struct task_name {
  static constexpr std::size_t inline_size = 24;

  /// Copies `text`; a task without its name is better than none if there is no memory.
  void assign(std::string_view text) noexcept;
  /// Takes it over from one that is given up.
  void take(task_name &from) noexcept {
    text = from.text;
    if (from.text == from.space) {
      std::memcpy(space, from.space, inline_size);
      text = space;
    }
    from.text = nullptr;
  }
  void clear() noexcept {
    if (text && text != space)
      std::free(text);
    text = nullptr;
  }

  char *text = nullptr; // null: none
  char space[inline_size];
};

/// A task before its first turn: a closure and what the books have to know. It has no stack yet, so
/// a million of them cost what their closures do.
struct seed : runnable {
  seed() noexcept : runnable{nullptr, true} {}

  bool is_main = false;
  bool is_background = false;
  std::atomic<bool> in_use{false}; // published after the rest
  std::uint64_t id = 0;
  std::uint64_t parent = 0;
  std::uint64_t tag = 0;
  std::source_location started_at;
  task_name name;
  std::size_t stack_size = 0;
  closure function;
};

struct stack_slab; // core/stack_pool.cpp

/// The usable part is [bottom, top). Below lies the guard, if there is one, above the task.
struct stack {
  char *bottom = nullptr;
  char *top = nullptr;
  stack_slab *home = nullptr;
  std::uint32_t size_class = 0;
  bool guarded = false;
  bool has_canary = false;
  sanitizer_stack sanitizer;
};

/// A task that has had its first turn. It lies at the end of its own stack, whose memory it shares;
/// when it ends, the next one grows from a seed in its place.
struct alignas(64) task : execution {
  exception_globals exceptions;
  core::stack stack;
  closure function;
  task_name own_name;             // what `name` points to
  const void *launched = nullptr; // what the starter's happens_before() names
};

} // namespace sluice::core
