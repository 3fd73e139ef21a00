// Channels: typed handles that tasks send and receive values through.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/channel.hpp>
#include <sluice/named.hpp>
#include <sluice/unit.hpp>

#include <concepts>
#include <iterator>

namespace sluice {

template <class T = unit> class recv_chan;

namespace core {

/// What can be done with the sending end; `Handle` derives from this and from channel_handle.
template <class Handle, class T> class sending_end {
  using place = std::source_location;

public:
  /// Waits for a receiver or room; throws channel_error if the channel is closed.
  void send(T &&v, place where = place::current()) const {
    core::send(shared(), outgoing<T>(v).address(), where);
  }
  void send(const T &v, place where = place::current()) const {
    T copy(v);
    send(std::move(copy), where);
  }
  /// Sends a pure signal.
  template <std::same_as<unit> U = T> void send(place where = place::current()) const {
    send(U{}, where);
  }
  /// False, with `v` untouched, if it would have to wait.
  bool try_send(T &&v, place where = place::current()) const {
    outgoing<T> out(v);
    return out.settle(core::try_send(shared(), out.address(), where));
  }
  bool try_send(const T &v, place where = place::current()) const {
    T copy(v);
    return try_send(std::move(copy), where);
  }
  /// False, with `v` untouched, if it had to wait longer than `d`.
  template <class Rep, class Period>
  bool send_for(T &&v, std::chrono::duration<Rep, Period> d, place where = place::current()) const {
    outgoing<T> out(v);
    return out.settle(core::send_until(shared(), out.address(), clock::in(d), where));
  }
  template <class Rep, class Period>
  bool send_for(const T &v, std::chrono::duration<Rep, Period> d,
                place where = place::current()) const {
    T copy(v);
    return send_for(std::move(copy), d, where);
  }
  /// False, with `v` untouched, if `ctx` has ended first.
  bool send(T &&v, const context &ctx, place where = place::current()) const {
    outgoing<T> out(v);
    return out.settle(core::send_unless(shared(), out.address(), ctx, where));
  }
  bool send(const T &v, const context &ctx, place where = place::current()) const {
    T copy(v);
    return send(std::move(copy), ctx, where);
  }
  /// Wakes all receivers, empty-handed, and all senders, with channel_error. A second close throws.
  void close(place where = place::current()) const { core::close(shared(), where); }

private:
  channel *shared() const noexcept { return static_cast<const Handle &>(*this).untyped(); }
};

/// Receives until the channel is closed and drained; what range-for uses.
template <class T> class receiving_iterator {
public:
  using iterator_concept = std::input_iterator_tag;
  using difference_type = std::ptrdiff_t;
  using value_type = T;

  receiving_iterator() = default;
  receiving_iterator(recv_chan<T> from, std::source_location where)
      : from(std::move(from)), where(where) {
    ++*this;
  }
  /// The value received, to be moved from.
  T &&operator*() const { return std::move(*value); }
  receiving_iterator &operator++() {
    value = from.recv(where);
    return *this;
  }
  void operator++(int) { ++*this; }
  friend bool operator==(const receiving_iterator &i, std::default_sentinel_t) { return !i.value; }

private:
  recv_chan<T> from;
  std::source_location where;
  mutable std::optional<T> value;
};

/// What can be done with the receiving end.
template <class Handle, class T> class receiving_end {
  using place = std::source_location;

public:
  /// Waits for a value; empty once the channel is closed and drained.
  std::optional<T> recv(place where = place::current()) const {
    slot<T> s;
    return s.take(core::recv(shared(), &s, where));
  }
  /// Empty also if it would have to wait.
  std::optional<T> try_recv(place where = place::current()) const {
    slot<T> s;
    return s.take(core::try_recv(shared(), &s, where));
  }
  /// Empty also if it had to wait longer than `d`.
  template <class Rep, class Period>
  std::optional<T> recv_for(std::chrono::duration<Rep, Period> d,
                            place where = place::current()) const {
    slot<T> s;
    return s.take(core::recv_until(shared(), &s, clock::in(d), where));
  }
  /// Empty also if `ctx` has ended first.
  std::optional<T> recv(const context &ctx, place where = place::current()) const {
    slot<T> s;
    return s.take(core::recv_unless(shared(), &s, ctx, where));
  }
  /// `for (T v : c)` receives until the channel is closed.
  auto begin(place where = place::current()) const {
    return receiving_iterator<T>(static_cast<const Handle &>(*this), where);
  }
  std::default_sentinel_t end() const noexcept { return {}; }

private:
  channel *shared() const noexcept { return static_cast<const Handle &>(*this).untyped(); }
};

/// Sizes, which every handle knows.
class sized_handle : public channel_handle {
public:
  using channel_handle::channel_handle;
  /// How many items are buffered now.
  std::size_t size() const noexcept { return core::size(untyped()); }
  /// How many items fit in the buffer.
  std::size_t capacity() const noexcept { return core::capacity(untyped()); }
};

} // namespace core

/// A channel, both ends: copies name the same one.
///
///     sluice::chan<int> c(16);
///     sluice::go([=] { for (int i = 0; i < 3; ++i) c.send(i); c.close(); });
///     for (int v : c)
///       use(v);
///
/// Blocks with wait reason `send` or `recv`. First in, first out, in values and in waiters. What
/// was done before a send is seen after its receive. The channel lives as long as a handle names
/// it.
template <class T = unit>
class chan : public core::sized_handle,
             public core::sending_end<chan<T>, T>,
             public core::receiving_end<chan<T>, T> {
  using place = std::source_location;

public:
  using value_type = T;

  /// An unbuffered channel.
  chan(place where = place::current()) : chan(0, nullptr, where) {}
  /// A channel with a buffer of `n`.
  template <std::integral N>
  explicit chan(N n, place where = place::current()) : chan(n, nullptr, where) {}
  /// A channel with a name for reports and a buffer of `n`.
  template <std::integral N = int>
  explicit chan(named name, N n = 0, place where = place::current()) : chan(n, name.text, where) {}
  /// The nil channel: send and receive block for ever. (A template, so that 0 is not taken for it.)
  template <std::same_as<std::nullptr_t> Null> chan(Null) noexcept {}

private:
  template <class N>
  chan(N n, const char *name, place where)
      : sized_handle(
            core::make_channel(core::element<T>::type, core::checked_capacity(n), name, where)) {}
};

/// The sending end of a channel; nil by default.
template <class T = unit>
class send_chan : public core::sized_handle, public core::sending_end<send_chan<T>, T> {
public:
  using value_type = T;
  send_chan(std::nullptr_t = nullptr) noexcept {}
  send_chan(chan<T> c) noexcept : sized_handle(std::move(c)) {}
};

/// The receiving end of a channel; nil by default.
template <class T>
class recv_chan : public core::sized_handle, public core::receiving_end<recv_chan<T>, T> {
public:
  using value_type = T;
  recv_chan(std::nullptr_t = nullptr) noexcept {}
  recv_chan(chan<T> c) noexcept : sized_handle(std::move(c)) {}
  /// For this library: the channel has elements of T.
  explicit recv_chan(core::sized_handle c) noexcept : sized_handle(std::move(c)) {}
};

} // namespace sluice
