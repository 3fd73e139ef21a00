// Runs something at the end of a scope.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <type_traits>
#include <utility>

namespace sluice {

/// `defer on_exit([&] { cancel(); });` calls the function when the scope is left, by an exception
/// too.
template <class F> class [[nodiscard]] defer {
public:
  /// Keeps `f` for the destructor.
  explicit defer(F f) noexcept(std::is_nothrow_move_constructible_v<F>) : f(std::move(f)) {}
  defer(const defer &) = delete;
  defer &operator=(const defer &) = delete;
  ~defer() noexcept(noexcept(std::declval<F &>()())) { f(); }

private:
  F f;
};

} // namespace sluice
