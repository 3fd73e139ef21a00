// Tasks: starting them, waiting for the main one, letting others run, sleeping.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/abi.hpp>
#include <sluice/clock.hpp>
#include <sluice/outcome.hpp>
#include <sluice/standard/memory.hpp>

#include <concepts>
#include <cstddef>
#include <new>
#include <source_location>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sluice {

/// How a task is started: `go(task_options{.name = "writer", .stack_size = 1 << 20}, f)`.
struct task_options {
  std::string_view name{};    // in reports; copied
  std::size_t stack_size = 0; // bytes; 0: the default
  bool background = false;    // never called unfinished
};

/// What go() can run: something that can be called once without arguments.
template <class F>
concept task_function =
    std::invocable<std::decay_t<F>> && std::constructible_from<std::decay_t<F>, F>;

namespace core {

/// A function object whose type is forgotten.
struct closure_type {
  std::size_t size;
  std::size_t alignment;
  bool relocatable;                                // may move once it is made, see below
  void (*make)(void *to, void *from);              // constructs it; may throw
  void (*relocate)(void *to, void *from) noexcept; // null: copy the bytes
  void (*run)(void *);                             // calls it, then destroys it
};

/// Starts a task that runs a closure made from `from`.
void start_task(const task_options &how, const closure_type &type, void *from,
                std::source_location where);

/// Runs `f(arg)` as a main task and waits for it. Throws std::logic_error inside a task.
void run_main(void (*f)(void *), void *arg, std::source_location where);

/// After the outcome of a run() is known: has the process checked for leaks.
void finish_run();

/// See yield() and sleep_until().
void yield_here() noexcept;
void sleep_here(clock::time_point until, std::source_location where) noexcept;

template <class F> void relocate(void *to, void *from) noexcept {
  auto *function = static_cast<F *>(from);
  ::new (to) F(std::move(*function));
  std::destroy_at(function);
}

template <class F> constexpr auto relocation_of() noexcept -> void (*)(void *, void *) noexcept {
  if constexpr (std::is_nothrow_move_constructible_v<F> && !std::is_trivially_copyable_v<F>)
    return &relocate<F>;
  else
    return nullptr;
}

template <class F, class Closure = std::decay_t<F>>
inline constexpr closure_type closure_of{
    sizeof(Closure),
    alignof(Closure),
    std::is_nothrow_move_constructible_v<Closure> || std::is_trivially_copyable_v<Closure>,
    [](void *to, void *from) {
      ::new (to) Closure(std::forward<F>(*static_cast<std::remove_reference_t<F> *>(from)));
    },
    relocation_of<Closure>(),
    [](void *f) {
      auto *function = static_cast<Closure *>(f);
      static_cast<void>(std::move(*function)());
      std::destroy_at(function);
    }};

} // namespace core

/// Starts a task that runs `f()`. An exception that leaves it ends the process.
template <task_function F>
void go(const task_options &how, F &&f,
        std::source_location where = std::source_location::current()) {
  if constexpr (std::is_function_v<std::remove_reference_t<F>>)
    go(how, std::decay_t<F>(f), where); // its address is no object
  else
    core::start_task(how, core::closure_of<F>,
                     const_cast<void *>(static_cast<const void *>(std::addressof(f))), where);
}

/// Starts a task that runs `f()`.
template <task_function F>
void go(F &&f, std::source_location where = std::source_location::current()) {
  go(task_options{}, std::forward<F>(f), where);
}

/// Starts a task with a name, which reports show.
template <task_function F>
void go(std::string_view name, F &&f,
        std::source_location where = std::source_location::current()) {
  go(task_options{.name = name}, std::forward<F>(f), where);
}

/// Runs `f` as the main task, blocks the calling thread until it returns, and gives its result or
/// rethrows; then the process is checked for leaks as at exit. May be called again, and from
/// several threads; inside a task it throws std::logic_error.
template <task_function F>
std::invoke_result_t<std::decay_t<F>>
run(F &&f, std::source_location where = std::source_location::current()) {
  using function = std::remove_reference_t<F>;
  struct call {
    function *f;
    outcome<std::invoke_result_t<std::decay_t<F>>> result;
  } c{std::addressof(f), {}};
  core::run_main(
      [](void *p) {
        auto *own = static_cast<call *>(p);
        own->result.run(std::forward<F>(*own->f));
      },
      &c, where);
  core::finish_run();
  return c.result.get();
}

/// Lets every task that is ready take a turn first.
inline void yield() noexcept { core::yield_here(); }

/// Parks the caller until `t`; of another clock than sluice::clock, its reading now counts.
template <class Clock, class Duration>
void sleep_until(std::chrono::time_point<Clock, Duration> t,
                 std::source_location where = std::source_location::current()) {
  core::sleep_here(clock::at(t), where);
}

/// Parks the caller for at least `d`; sleeping for no time is yielding.
template <class Rep, class Period>
void sleep_for(std::chrono::duration<Rep, Period> d,
               std::source_location where = std::source_location::current()) {
  if (d <= d.zero())
    core::yield_here();
  else
    core::sleep_here(clock::in(d), where);
}

} // namespace sluice
