// Says to all who work on something that it is no longer wanted.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/chan.hpp>
#include <sluice/clock.hpp>

#include <optional>
#include <stop_token>
#include <system_error>

namespace sluice {

/// Why a context ended.
enum class context_errc { canceled = 1, deadline_exceeded = 2 };

/// The category of context_errc.
const std::error_category &context_category() noexcept;

/// Found by std::error_code's constructor.
inline std::error_code make_error_code(context_errc e) noexcept {
  return {static_cast<int>(e), context_category()};
}

namespace core {

/// One context. Counted; null is the background.
struct context_node;
void retain(context_node *n) noexcept;
void release(context_node *n) noexcept;

/// Shares a context by counting.
class context_ref {
public:
  context_ref() noexcept = default;
  explicit context_ref(context_node *owned) noexcept : node(owned) {}
  context_ref(const context_ref &o) noexcept : node(o.node) { retain(node); }
  context_ref(context_ref &&o) noexcept : node(std::exchange(o.node, nullptr)) {}
  context_ref &operator=(context_ref o) noexcept {
    std::swap(node, o.node);
    return *this;
  }
  ~context_ref() { release(node); }
  context_node *get() const noexcept { return node; }
  friend bool operator==(const context_ref &, const context_ref &) noexcept = default;

private:
  context_node *node = nullptr;
};

} // namespace core

/// Passed down to everything that should stop when its result is no longer wanted.
///
///     auto [ctx, cancel] = sluice::with_timeout(parent, 10s);
///     sluice::defer on_exit([&] { cancel(); });
///     auto got = answers.recv(ctx);
///
/// A cheap handle; default-constructed it is the background, which never ends. Cancelling a parent
/// cancels its children, never the other way.
class context {
public:
  /// The background.
  context() noexcept = default;
  /// The background.
  static context background() noexcept { return {}; }

  /// Closed when the context ends; nil for the background.
  recv_chan<> done() const noexcept;
  /// Why it has ended; empty while it has not.
  std::error_code err() const noexcept;
  /// When it will end by itself at the latest.
  std::optional<clock::time_point> deadline() const noexcept;

  /// For this library.
  explicit context(core::context_ref of) noexcept : ref(std::move(of)) {}
  core::context_node *node() const noexcept { return ref.get(); }
  /// Whether both name the same context.
  friend bool operator==(const context &, const context &) noexcept = default;

private:
  core::context_ref ref;
};

/// Cancels a context. Copyable; calling it twice, or when it is empty, does nothing.
class cancel_function {
public:
  /// An empty one.
  cancel_function() noexcept = default;
  /// Ends the context with context_errc::canceled unless it has ended.
  void operator()() const noexcept;
  /// Whether it cancels anything.
  explicit operator bool() const noexcept { return ref.get() != nullptr; }
  /// For this library.
  explicit cancel_function(core::context_ref of) noexcept : ref(std::move(of)) {}

private:
  core::context_ref ref;
};

/// A context together with the way to end it.
struct cancellable_context {
  context ctx;
  cancel_function cancel;
};

/// A child of `parent` that `cancel` ends.
[[nodiscard]] cancellable_context
with_cancel(const context &parent, std::source_location where = std::source_location::current());

namespace core {
cancellable_context with_deadline(const context &parent, clock::time_point t,
                                  std::source_location where);
} // namespace core

/// A child of `parent` that ends at `t` at the latest.
template <class Clock, class Duration>
[[nodiscard]] cancellable_context
with_deadline(const context &parent, std::chrono::time_point<Clock, Duration> t,
              std::source_location where = std::source_location::current()) {
  return core::with_deadline(parent, clock::at(t), where);
}

/// A child of `parent` that ends after `d` at the latest.
template <class Rep, class Period>
[[nodiscard]] cancellable_context
with_timeout(const context &parent, std::chrono::duration<Rep, Period> d,
             std::source_location where = std::source_location::current()) {
  return core::with_deadline(parent, clock::in(d), where);
}

/// A child of `parent` that ends when `token` is asked to stop.
[[nodiscard]] cancellable_context
with_stop_token(const context &parent, std::stop_token token,
                std::source_location where = std::source_location::current());

} // namespace sluice

template <> struct std::is_error_code_enum<sluice::context_errc> : std::true_type {};
