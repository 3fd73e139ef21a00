// Lets tasks wait, with a lock given back, until another says that something has changed.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/clock.hpp>
#include <sluice/mutex.hpp>
#include <sluice/named.hpp>
#include <sluice/primitive.hpp>

#include <atomic>
#include <concepts>
#include <condition_variable>
#include <cstdint>
#include <source_location>

namespace sluice {
namespace core {

struct waiter;

/// The state of a condition_variable. `word` guards `queue`.
struct condition : primitive {
  constexpr condition(const char *name, std::source_location where) noexcept
      : primitive{primitive_kind::condition_variable, name, where} {}

  std::atomic<std::uint32_t> word{0};
  waiter *queue = nullptr;
};

/// A lock seen through two functions, so that waiting is no template.
struct lock_ref {
  void *lock;
  void (*unlock)(void *lock);
  void (*relock)(void *lock);
};

/// False if the time-out came first. `lock` is held again either way.
bool wait(condition &c, lock_ref lock, clock::time_point deadline, std::source_location where);
void notify_one(condition &c) noexcept;
void notify_all(condition &c) noexcept;
void destroyed(const condition &c) noexcept;

} // namespace core

/// Waits for a change that a lock protects.
///
///     std::unique_lock lock(mu);
///     ready.wait(lock, [&] { return !queue.empty(); });
///
/// Takes std::unique_lock<sluice::mutex> and any other lock with `lock` and `unlock`. Blocks with
/// wait reason `cond`; wakes in the order of waiting, and never without a reason. May be destroyed
/// as soon as all waiters have been notified.
class condition_variable {
  using place = std::source_location;

public:
  /// One that nobody waits on.
  constexpr condition_variable(place where = place::current()) noexcept : state(nullptr, where) {}
  /// The same with a name for reports; the text is not copied.
  constexpr explicit condition_variable(const char *name, place where = place::current()) noexcept
      : state(name, where) {}
  /// The same with a name for reports.
  constexpr explicit condition_variable(named name, place where = place::current()) noexcept
      : state(name.text, where) {}
  condition_variable(const condition_variable &) = delete;
  condition_variable &operator=(const condition_variable &) = delete;
  ~condition_variable() { core::destroyed(state); }

  /// Gives `lock` back, waits for a notification, takes `lock` again.
  template <class Lock> void wait(Lock &lock, place where = place::current()) {
    core::wait(state, ref(lock), clock::time_point::max(), where);
  }
  /// Waits until `pred()`, which is called with the lock held.
  template <class Lock, class Pred>
    requires std::predicate<Pred &>
  void wait(Lock &lock, Pred pred, place where = place::current()) {
    while (!pred())
      wait(lock, where);
  }

  /// As wait, but not beyond `t`.
  template <class Lock, class Clock, class D>
  std::cv_status wait_until(Lock &lock, std::chrono::time_point<Clock, D> t,
                            place where = place::current()) {
    return status(core::wait(state, ref(lock), clock::at(t), where));
  }
  /// Waits until `pred()`, but not beyond `t`; the last value of `pred()`.
  template <class Lock, class Clock, class D, class Pred>
    requires std::predicate<Pred &>
  bool wait_until(Lock &lock, std::chrono::time_point<Clock, D> t, Pred pred,
                  place where = place::current()) {
    return wait_to(lock, clock::at(t), pred, where);
  }

  /// As wait, but no longer than `d`.
  template <class Lock, class Rep, class Period>
  std::cv_status wait_for(Lock &lock, std::chrono::duration<Rep, Period> d,
                          place where = place::current()) {
    return status(core::wait(state, ref(lock), clock::in(d), where));
  }
  /// Waits until `pred()`, but no longer than `d`; the last value of `pred()`.
  template <class Lock, class Rep, class Period, class Pred>
    requires std::predicate<Pred &>
  bool wait_for(Lock &lock, std::chrono::duration<Rep, Period> d, Pred pred,
                place where = place::current()) {
    return wait_to(lock, clock::in(d), pred, where);
  }

  /// Wakes who has waited longest, if anyone waits.
  void notify_one() noexcept { core::notify_one(state); }
  /// Wakes all who wait now.
  void notify_all() noexcept { core::notify_all(state); }

private:
  template <class Lock> static core::lock_ref ref(Lock &lock) {
    return {&lock, [](void *l) { static_cast<Lock *>(l)->unlock(); },
            [](void *l) { static_cast<Lock *>(l)->lock(); }};
  }
  static std::cv_status status(bool notified) {
    return notified ? std::cv_status::no_timeout : std::cv_status::timeout;
  }
  template <class Lock, class Pred>
  bool wait_to(Lock &lock, clock::time_point deadline, Pred &pred, place where) {
    while (!pred())
      if (!core::wait(state, ref(lock), deadline, where))
        return pred();
    return true;
  }

  core::condition state;
};

} // namespace sluice
