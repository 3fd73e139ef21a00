// A copy of the process in which memory stays as it was, while the process itself goes on.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The kernel copies the page tables, a few hundredths of a second for each gigabyte, and each page
// once one of the two writes to it. The copy has one thread, which nobody else waits for: it is not
// a child that wait() finds, handles no signals, and ends with its parent.
#pragma once

#include "memory/heap_map.hpp"

#include <sys/types.h>

namespace sluice::memory {

/// Pages that the twin can write to and its parent read.
class shared_pages {
public:
  /// Not touched, they cost nothing.
  explicit shared_pages(std::size_t bytes) noexcept;
  ~shared_pages();
  shared_pages(const shared_pages &) = delete;
  shared_pages &operator=(const shared_pages &) = delete;
  /// Null if the kernel gave none.
  void *data() const noexcept { return at; }
  std::size_t size() const noexcept { return bytes; }

private:
  void *at;
  std::size_t bytes;
};

/// Starts a twin that calls `f(arg)` and ends; 0 if there can be none. To be called while the world
/// stands still; `f` runs in a process without other threads, and may neither allocate nor lock.
pid_t start_twin(void (*f)(void *arg), void *arg) noexcept;

/// Waits for its end; whether it came back from `f`.
bool twin_succeeded(pid_t twin) noexcept;

} // namespace sluice::memory
