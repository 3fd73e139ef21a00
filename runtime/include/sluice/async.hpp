// A task whose result is waited for.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/standard/memory.hpp>
#include <sluice/task.hpp>

namespace sluice {

namespace core {
/// Says once that something is complete, to any number of waiters.
struct completion;
completion *new_completion(std::source_location made_at);
void delete_completion(completion *c) noexcept;
void complete(completion *c) noexcept;
void wait_complete(completion *c, std::source_location where) noexcept;
/// Throws std::future_error.
[[noreturn]] void throw_no_state();

/// What a future and its task share.
template <class R> struct async_state {
  struct deleter {
    void operator()(completion *c) const noexcept { delete_completion(c); }
  };
  explicit async_state(std::source_location where) : done(new_completion(where)) {}
  outcome<R> result;
  std::unique_ptr<completion, deleter> done;
};
} // namespace core

/// The result of a task to come. Moved, never copied; destroying it does not wait.
template <class R> class future {
public:
  /// Has no result to wait for; wait() and get() throw std::future_error.
  future() noexcept = default;
  explicit future(std::shared_ptr<core::async_state<R>> state) noexcept : state(std::move(state)) {}

  /// Whether there is a result to wait for.
  bool valid() const noexcept { return state != nullptr; }

  /// Parks until the task has ended; reported as "join".
  void wait(std::source_location where = std::source_location::current()) const {
    require_state();
    core::wait_complete(state->done.get(), where);
  }

  /// Waits, then moves the result out or rethrows; the future is not valid afterwards.
  R get(std::source_location where = std::source_location::current()) {
    wait(where);
    const auto last = std::move(state);
    return last->result.get();
  }

private:
  void require_state() const {
    if (!state)
      core::throw_no_state();
  }

  std::shared_ptr<core::async_state<R>> state;
};

/// Starts a task that runs `f()` and keeps its result or exception:
/// `auto sum = async([] { return 1 + 2; }); use(sum.get());`
template <task_function F>
future<std::invoke_result_t<std::decay_t<F>>>
async(F &&f, std::source_location where = std::source_location::current()) {
  using result = std::invoke_result_t<std::decay_t<F>>;
  auto state = std::make_shared<core::async_state<result>>(where);
  go(
      [state, f = std::decay_t<F>(std::forward<F>(f))]() mutable {
        state->result.run(std::move(f));
        core::complete(state->done.get());
      },
      where);
  return future<result>(std::move(state));
}

} // namespace sluice
