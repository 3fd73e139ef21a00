// The cases of a select, typed outside and untyped inside.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/chan.hpp>

#include <concepts>
#include <span>

namespace sluice {
namespace core {

enum class case_kind : std::uint8_t { never, otherwise, send, recv };

/// One case as the untyped half sees it, while a select runs.
struct select_entry {
  case_kind kind = case_kind::never;
  channel *on = nullptr;
  void *slot = nullptr;                   // the value to send, or room for the one to receive
  void *(*produce)(void *self) = nullptr; // lazy: makes the value and says where it is
  void *self = nullptr;
  std::source_location where;
  bool ok = false; // out: sent or received; false: closed
};

/// Runs one of `entries`, at random among those that can; its index.
int select(std::span<select_entry> entries, std::source_location where);
[[noreturn]] void throw_send_on_closed();

template <class C>
concept receivable = std::convertible_to<C, recv_chan<typename std::remove_cvref_t<C>::value_type>>;
template <class C>
concept sendable = std::convertible_to<C, send_chan<typename std::remove_cvref_t<C>::value_type>>;
template <class C> using value_of = typename std::remove_cvref_t<C>::value_type;

/// What stands between the parentheses of a select.
template <class C>
concept select_operand = requires(C &c, bool ok) {
  { c.entry() } -> std::same_as<select_entry>;
  c.run(ok);
};

/// Does nothing with what it is called with.
struct ignore {
  void operator()(auto &&...) const noexcept {}
};

/// Hands what was received to `Sink` as std::optional<T>.
template <class T, class Sink> struct recv_case {
  select_entry entry() { return {case_kind::recv, from.untyped(), &room, nullptr, nullptr, where}; }
  void run(bool ok) { static_cast<void>(sink(room.take(ok))); }

  recv_case(recv_chan<T> from, Sink sink, std::source_location where)
      : from(std::move(from)), sink(std::move(sink)), where(where) {}
  recv_case(recv_case &&o)
      : from(std::move(o.from)), sink(std::move(o.sink)), where(o.where) {} // `room` is empty

  recv_chan<T> from;
  Sink sink;
  std::source_location where;
  slot<T> room;
};

/// Sends `value`, then calls `after`.
template <class T, class After> struct send_case {
  using stored = typename element<T>::stored;
  select_entry entry() { return {case_kind::send, to.untyped(), &value, nullptr, nullptr, where}; }
  void run(bool ok) {
    if (!ok)
      throw_send_on_closed();
    static_cast<void>(after());
  }

  send_chan<T> to;
  stored value;
  After after;
  std::source_location where;
};

/// Sends what `make` returns, and calls it only when it can be sent.
template <class T, class Make, class After> struct lazy_send_case {
  select_entry entry() { return {case_kind::send, to.untyped(), nullptr, &produce, this, where}; }
  void run(bool ok) {
    value.reset();
    if (!ok)
      throw_send_on_closed();
    static_cast<void>(after());
  }
  static void *produce(void *self) {
    auto &c = *static_cast<lazy_send_case *>(self);
    if constexpr (element<T>::boxed)
      c.value.emplace(std::make_unique<T>(c.make()));
    else
      c.value.emplace(c.make());
    return std::addressof(*c.value);
  }

  send_chan<T> to;
  Make make;
  After after;
  std::source_location where;
  std::optional<typename element<T>::stored> value{}; // made by produce()
};

/// Runs when nothing else can.
template <class Handler> struct otherwise_case {
  select_entry entry() { return {case_kind::otherwise, nullptr, nullptr, nullptr, nullptr, where}; }
  void run(bool) { static_cast<void>(handler()); }

  Handler handler;
  std::source_location where;
};

/// A case that never runs if `enabled` is false.
template <class Case> struct conditional_case {
  select_entry entry() {
    select_entry e = operand.entry();
    if (!enabled)
      e.kind = case_kind::never;
    return e;
  }
  void run(bool ok) { operand.run(ok); }

  bool enabled;
  Case operand;
};

/// What `lazy` wraps.
template <class F> struct lazy_value {
  F make;
};

} // namespace core
} // namespace sluice
