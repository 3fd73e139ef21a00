// Tasks that are waited for together, and fail together.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/context.hpp>
#include <sluice/named.hpp>
#include <sluice/task.hpp>
#include <sluice/wait_group.hpp>

#include <exception>

namespace sluice {

/// Starts tasks and waits for all of them.
///
///     sluice::task_group g(parent);
///     for (auto &url : urls)
///       g.go([&] { fetch(url, g.ctx()); });
///     g.wait();
///
/// The first exception cancels `ctx()`, and `wait` rethrows it. Blocks with wait reason `join`. The
/// destructor cancels and waits. Its tasks may start more in the same group.
class task_group {
  using place = std::source_location;

public:
  /// A group whose context is a child of `parent`.
  explicit task_group(const context &parent = {}, place where = place::current())
      : task_group(nullptr, parent, where) {}
  /// The same with a name for reports; the text is not copied.
  explicit task_group(named name, const context &parent = {}, place where = place::current())
      : task_group(name.text, parent, where) {}
  explicit task_group(const char *name, const context &parent = {}, place where = place::current());
  task_group(const task_group &) = delete;
  task_group &operator=(const task_group &) = delete;
  ~task_group();

  /// Starts a task of the group that runs `f()`.
  template <class F> void go(F &&f, place where = place::current()) {
    start([&](auto body) { sluice::go(std::move(body), where); }, std::forward<F>(f), where);
  }
  /// The same for a task with a name.
  template <class F> void go(const char *name, F &&f, place where = place::current()) {
    start([&](auto body) { sluice::go(name, std::move(body), where); }, std::forward<F>(f), where);
  }
  /// Waits for all tasks; rethrows the first exception, once.
  void wait(place where = place::current());
  /// Ends when a task fails, when `parent` ends and when the group is destroyed.
  const context &ctx() const noexcept { return scope.ctx; }

private:
  template <class Go, class F> void start(Go go, F &&f, place where) {
    started(where);
    try {
      go([this, f = std::forward<F>(f)]() mutable { run(f); });
    } catch (...) {
      finished();
      throw;
    }
  }
  template <class F> void run(F &f) noexcept {
    try {
      F own(std::move(f)); // so that what it captured is gone when wait() returns
      static_cast<void>(own());
    } catch (...) {
      failed(std::current_exception());
    }
    finished();
  }
  void started(place where);
  void finished() noexcept;
  void failed(std::exception_ptr error) noexcept;

  core::countdown running;
  cancellable_context scope;
  std::exception_ptr first_error; // written by who sets has_error, read after all have finished
  std::atomic<bool> has_error{false};
};

} // namespace sluice
