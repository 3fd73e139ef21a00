// The untyped half of the task group.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/task_group.hpp>

namespace sluice {

task_group::task_group(const char *name, const context &parent, place where)
    : running(core::primitive_kind::task_group, name, where), scope(with_cancel(parent, where)) {}

task_group::~task_group() {
  scope.cancel();
  core::wait(running, running.made_at);
}

void task_group::wait(place where) {
  core::wait(running, where);
  if (has_error.exchange(false, std::memory_order_acquire))
    std::rethrow_exception(std::exchange(first_error, nullptr));
}

void task_group::started(place where) { core::add(running, 1, where); }

void task_group::finished() noexcept { core::add(running, -1, running.made_at); }

void task_group::failed(std::exception_ptr error) noexcept {
  // Relaxed: wait() reads the error after the countdown, which orders it.
  if (has_error.exchange(true, std::memory_order_relaxed))
    return;
  first_error = std::move(error);
  scope.cancel();
}

} // namespace sluice
