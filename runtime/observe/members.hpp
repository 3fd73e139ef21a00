// The tasks and threads that are judged, and where their frames lie.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/registry.hpp"
#include "memory/mapped_vector.hpp"
#include "memory/world.hpp"
#include "observe/snapshot.hpp"

namespace sluice::observe {

using memory::range;

inline std::uintptr_t address(const void *p) noexcept {
  return reinterpret_cast<std::uintptr_t>(p);
}

/// A thread that has used the library, with the stack that the system gave it: a scheduler thread's
/// holds nothing of the program's while it is idle.
struct known_thread {
  pid_t id = 0;
  range stack;
  core::thread_record *record = nullptr;
};
using known_threads = memory::mapped_vector<known_thread>;

/// Calls a function object through the registry's callbacks.
template <class F> void for_each_task(F f) {
  core::for_each_task([](core::task &t, void *arg) { (*static_cast<F *>(arg))(t); }, &f);
}
template <class F> void for_each_stopped_thread(F f) {
  core::for_each_stopped_thread(
      [](core::thread_record &t, void *arg) { (*static_cast<F *>(arg))(t); }, &f);
}
template <class F> void for_each_seed(F f) {
  core::for_each_seed([](core::seed &s, void *arg) { (*static_cast<F *>(arg))(s); }, &f);
}

/// All of the memory that a task's frames may lie in.
inline range stack_of(const core::task &t) noexcept {
  return {address(t.stack.bottom), address(t.stack.top)};
}

/// Without a red zone: functions that hold a switch call others after it, so they have none.
inline range parked_part(const core::task &t) noexcept {
  return {address(t.saved.sp), address(t.stack.top)};
}

/// Whether a task has begun and not ended.
inline bool in_use(const core::task &t) noexcept {
  auto s = t.state.load(std::memory_order_acquire);
  return s != core::run_state::free && s != core::run_state::finished;
}

/// The stack that the system gave a thread. It allocates, so not while the world stands still.
range native_stack(pthread_t thread) noexcept;

/// All threads whose stacks the judge has to know, for the same reason before the world stops.
void find_known_threads(known_threads &out) noexcept;

} // namespace sluice::observe
