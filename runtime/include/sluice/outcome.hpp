// What a function left behind when it ended: its result or its exception.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/standard/memory.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace sluice {

/// Empty until run() has called a function; get() then gives the result or rethrows.
template <class R> class outcome {
public:
  /// Calls `f` and keeps what it returns or throws.
  template <class F> void run(F &&f) noexcept {
    try {
      value.emplace(std::forward<F>(f)());
    } catch (...) {
      error = std::current_exception();
    }
  }

  /// Moves the result out, or rethrows.
  R get() {
    if (error)
      std::rethrow_exception(std::move(error));
    return std::move(*value);
  }

private:
  std::optional<R> value;
  std::exception_ptr error;
};

/// Of a function that returns a reference.
template <class R> class outcome<R &> {
public:
  /// Calls `f` and keeps what it refers to or throws.
  template <class F> void run(F &&f) noexcept {
    try {
      value = std::addressof(std::forward<F>(f)());
    } catch (...) {
      error = std::current_exception();
    }
  }

  /// The referent, or rethrows.
  R &get() {
    if (error)
      std::rethrow_exception(std::move(error));
    return *value;
  }

private:
  R *value = nullptr;
  std::exception_ptr error;
};

/// Of a function that returns nothing.
template <> class outcome<void> {
public:
  /// Calls `f` and keeps what it throws.
  template <class F> void run(F &&f) noexcept {
    try {
      std::forward<F>(f)();
    } catch (...) {
      error = std::current_exception();
    }
  }

  /// Rethrows what was thrown.
  void get() {
    if (error)
      std::rethrow_exception(std::move(error));
  }

private:
  std::exception_ptr error;
};

} // namespace sluice
