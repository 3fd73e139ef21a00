// A variable of which every task has its own.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/standard/functional.hpp>
#include <sluice/standard/memory.hpp>

#include <concepts>
#include <cstdint>
#include <utility>

namespace sluice {

namespace core {
/// A key that no other task_local has.
std::uint64_t new_local_key() noexcept;
/// The caller's value, or null.
void *find_local(std::uint64_t key) noexcept;
/// Keeps a value for the caller until it ends.
void add_local(std::uint64_t key, void *value, void (*destroy)(void *));
} // namespace core

/// To tasks what thread_local is to threads: `task_local<int> depth; ++*depth;`. A task's value is
/// made at its first use and destroyed when the task ends; a thread has one too. A reference to it
/// stays valid across blocking calls. Give it static storage.
template <class T> class task_local {
public:
  /// Values are value-initialised.
  task_local() : make([] { return new T(); }) {}
  /// Values are what `f()` returns.
  template <std::invocable F>
  explicit task_local(F f) : make([f = std::move(f)] { return new T(f()); }) {}
  task_local(const task_local &) = delete;
  task_local &operator=(const task_local &) = delete;

  /// The caller's value.
  T &get() {
    if (void *found = core::find_local(key))
      return *static_cast<T *>(found);
    std::unique_ptr<T> value(make());
    core::add_local(key, value.get(), [](void *v) { delete static_cast<T *>(v); });
    return *value.release();
  }
  T &operator*() { return get(); }
  T *operator->() { return std::addressof(get()); }

private:
  const std::uint64_t key = core::new_local_key();
  std::function<T *()> make;
};

} // namespace sluice
