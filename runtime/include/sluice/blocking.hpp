// Calls that block in the operating system, without holding up other tasks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/task.hpp>

namespace sluice {

namespace core {
/// Runs `f(arg)` on a thread kept for such calls and parks the calling task; a thread calls it
/// itself.
void run_blocking(void (*f)(void *), void *arg, std::source_location where);
} // namespace core

/// Runs `f()` elsewhere, parks the calling task until it returns, and gives its result or rethrows:
/// `auto text = blocking([&] { return read_file(path); });`. On an ordinary thread it calls `f` at
/// once.
template <class F>
  requires std::invocable<F>
std::invoke_result_t<F> blocking(F &&f,
                                 std::source_location where = std::source_location::current()) {
  struct call {
    std::remove_reference_t<F> *f;
    outcome<std::invoke_result_t<F>> result;
  } c{std::addressof(f), {}};
  core::run_blocking(
      [](void *p) {
        auto *own = static_cast<call *>(p);
        own->result.run(std::forward<F>(*own->f));
      },
      &c, where);
  return c.result.get();
}

} // namespace sluice
