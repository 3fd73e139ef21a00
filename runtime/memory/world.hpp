// Stopping every other thread of the process for a look at its memory.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "memory/heap_map.hpp"
#include "memory/interrupted_call.hpp"

#include <cstddef>
#include <span>
#include <sys/types.h>

namespace sluice::memory {

/// A thread that stands still: its stack pointer, its thread pointer and its registers.
struct stopped_thread {
  pid_t tid = 0;
  std::uintptr_t sp = 0;
  std::uintptr_t tls = 0;
  std::uintptr_t registers[34] = {};
  range vectors;              // where further registers lie
  bool in_kernel = false;     // it waits in a system call, or has just made one
  sleeping_call call;         // in which it was when the signal was sent
  void *fake_stack = nullptr; // ASan's, of the frames that run
};

/// While it exists every other thread of the process waits in a signal handler. In between nothing
/// may be allocated, and no lock taken that another thread may hold.
class stopped_world {
public:
  stopped_world() noexcept;
  ~stopped_world();
  stopped_world(const stopped_world &) = delete;
  stopped_world &operator=(const stopped_world &) = delete;

  /// Whether all threads were reached; otherwise nothing is certain.
  bool complete() const noexcept { return complete_; }
  /// The other threads.
  std::span<const stopped_thread> threads() const noexcept;
  /// Where this class keeps them: memory that holds stale pointers.
  static range books() noexcept;

private:
  bool complete_ = false;
};

/// How many threads the process has, a sanitizer's own not counted.
std::size_t thread_count() noexcept;

} // namespace sluice::memory
