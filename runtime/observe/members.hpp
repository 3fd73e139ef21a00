// The tasks and threads that are judged, and where their frames lie.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/registry.hpp"
#include "memory/mapped_vector.hpp"
#include "memory/world.hpp"
#include "observe/snapshot.hpp"

namespace sluice::observe {

using memory::range;

constexpr std::uintptr_t red_zone = 128; // a leaf function's data below the stack pointer

inline std::uintptr_t address(const void *p) noexcept {
  return reinterpret_cast<std::uintptr_t>(p);
}

/// A thread that has used the library.
struct known_thread {
  pid_t id = 0;
  range
      stack; // its native one: a scheduler thread's holds nothing of the program's while it is idle
  core::thread_record *record = nullptr;
};

/// A thread that waits in one of our primitives: as dead or alive as a task that does.
struct waiting_thread {
  core::thread_record *record;
  range frames, locals;
  range stack;
  const memory::stopped_thread *stopped;
};

/// Calls a function object through the registry's callbacks.
template <class F> void for_each_task(F f) {
  core::for_each_task([](core::task &t, void *arg) { (*static_cast<F *>(arg))(t); }, &f);
}
template <class F> void for_each_stopped_thread(F f) {
  core::for_each_stopped_thread(
      [](core::thread_record &t, void *arg) { (*static_cast<F *>(arg))(t); }, &f);
}

inline range stack_of(const core::task &t) noexcept {
  return {address(t.stack.bottom), address(t.stack.top)};
}

inline range parked_part(const core::task &t) noexcept {
  return {address(t.saved.sp) - red_zone, address(t.stack.top)};
}

inline bool in_use(const core::task &t) noexcept {
  auto s = t.state.load(std::memory_order_acquire);
  return s != core::run_state::free && s != core::run_state::finished;
}

/// A lock, and one who holds it.
struct holding {
  const core::primitive *lock;
  const core::execution *owner;
};

/// The stack that the system gave a thread. It allocates, so not while the world stands still.
range native_stack(pthread_t thread) noexcept;

/// All threads whose stacks the judge has to know, for the same reason before the world stops.
void find_known_threads(memory::mapped_vector<known_thread> &out) noexcept;

} // namespace sluice::observe
