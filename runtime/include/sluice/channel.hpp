// The untyped channel that every chan<T> is a handle of.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/clock.hpp>
#include <sluice/primitive.hpp>
#include <sluice/standard/memory.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <source_location>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace sluice {

class context;

/// Thrown by a send on a closed channel and by closing a channel that is closed or nil.
class channel_error : public std::logic_error {
  using std::logic_error::logic_error;
};

namespace core {

/// What a channel has to know of its elements. Moves run under the channel's lock, so they must not
/// throw; chan<T> boxes a type whose move may.
struct element_type {
  std::size_t size;
  std::size_t align;
  void (*move)(void *to, void *from) noexcept; // null: copy the bytes
  void (*destroy)(void *element) noexcept;     // null: nothing to do
  const char *spelled;                         // the type's name, as `… T = int]`
};

/// The part of a channel that handles touch. The rest is in sync/channel.hpp.
struct channel : primitive {
  std::atomic<std::uint32_t> handles{1};
  const element_type &type;
  const std::size_t capacity;
};

channel *make_channel(const element_type &type, std::size_t capacity, const char *name,
                      std::source_location where, primitive_kind kind = primitive_kind::chan);
void destroy_channel(channel *c) noexcept;

/// Each of these takes a null channel for the nil channel. A value is moved from only if it was
/// sent.
void send(channel *c, void *value, std::source_location where);
bool try_send(channel *c, void *value, std::source_location where);
bool send_until(channel *c, void *value, clock::time_point deadline, std::source_location where);
bool send_unless(channel *c, void *value, const context &ctx, std::source_location where);
/// True: an element was made in `slot`.
bool recv(channel *c, void *slot, std::source_location where);
bool try_recv(channel *c, void *slot, std::source_location where);
bool recv_until(channel *c, void *slot, clock::time_point deadline, std::source_location where);
bool recv_unless(channel *c, void *slot, const context &ctx, std::source_location where);
void close(channel *c, std::source_location where);
std::size_t size(const channel *c) noexcept;
std::size_t capacity(const channel *c) noexcept;
/// Throws std::length_error for a negative one.
std::size_t checked_capacity(long long n);

/// Shares a channel by counting handles; null is the nil channel.
class channel_handle {
public:
  channel_handle() noexcept = default;
  explicit channel_handle(channel *owned) noexcept : shared(owned) {}
  channel_handle(const channel_handle &other) noexcept : shared(other.shared) {
    if (shared) // Relaxed: whoever copies a handle has one, so the count cannot fall to zero here.
      shared->handles.fetch_add(1, std::memory_order_relaxed);
  }
  channel_handle(channel_handle &&other) noexcept : shared(std::exchange(other.shared, nullptr)) {}
  channel_handle &operator=(channel_handle other) noexcept {
    std::swap(shared, other.shared);
    return *this;
  }
  ~channel_handle() {
    channel *last = shared;
    forget(shared);
    if (last && last->handles.fetch_sub(1, std::memory_order_acq_rel) == 1)
      destroy_channel(last);
  }

  /// Whether this is not the nil channel.
  explicit operator bool() const noexcept { return shared != nullptr; }
  /// The channel itself, for this library.
  channel *untyped() const noexcept { return shared; }
  /// Whether both name the same channel.
  friend bool operator==(const channel_handle &a, const channel_handle &b) noexcept {
    return a.shared == b.shared;
  }
  friend bool operator==(const channel_handle &a, std::nullptr_t) noexcept { return !a.shared; }

private:
  /// Makes a dying handle null: left as it is, a search for leaks would take the dead pointer for
  /// one that still counts. Volatile, or compilers would drop the store. ThreadSanitizer is not
  /// told of it: a handle of static storage ends while the tasks that never finished still know it.
  [[gnu::no_sanitize_thread]] static void forget(channel *volatile &dead) noexcept {
    dead = nullptr;
  }

  channel *shared = nullptr;
};

/// What the compiler calls T, at the end of a longer text.
template <class T> constexpr const char *spelling() noexcept {
  return std::source_location::current().function_name();
}

/// How elements of T lie in a channel: as themselves, or boxed if moving them could throw.
template <class T> struct element {
  static constexpr bool boxed = !std::is_nothrow_move_constructible_v<T>;
  using stored = std::conditional_t<boxed, std::unique_ptr<T>, T>;

  static void move(void *to, void *from) noexcept {
    ::new (to) stored(std::move(*static_cast<stored *>(from)));
  }
  static void destroy(void *e) noexcept { static_cast<stored *>(e)->~stored(); }
  static constexpr element_type type{
      sizeof(stored), alignof(stored), std::is_trivially_copyable_v<stored> ? nullptr : &move,
      std::is_trivially_destructible_v<stored> ? nullptr : &destroy, spelling<T>()};
};

/// A value on its way out. It stays the caller's until it has been sent.
template <class T> class outgoing {
public:
  explicit outgoing(T &value) : value(value) {
    if constexpr (element<T>::boxed)
      box = std::make_unique<T>(std::move(value));
  }
  void *address() noexcept {
    if constexpr (element<T>::boxed)
      return &box;
    else
      return std::addressof(value);
  }
  /// Passes `sent` on; if it is false the caller gets the value back.
  bool settle(bool sent) {
    if constexpr (element<T>::boxed && std::is_move_assignable_v<T>)
      if (!sent)
        value = std::move(*box);
    return sent;
  }

private:
  T &value;
  std::unique_ptr<T> box; // empty unless boxed
};

/// Room for an element on its way in.
template <class T> union slot {
  using stored = typename element<T>::stored;
  slot() noexcept {}
  slot(const slot &) = delete;
  ~slot() {}

  /// Moves the element out if there is one.
  std::optional<T> take(bool filled) {
    if (!filled)
      return std::nullopt;
    struct end_of_life {
      stored &value;
      ~end_of_life() { value.~stored(); }
    } last{value};
    if constexpr (element<T>::boxed)
      return std::optional<T>(std::move(*value));
    else
      return std::optional<T>(std::move(value));
  }

  stored value;
};

} // namespace core
} // namespace sluice
