// Channels and tasks that time sets going.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/chan.hpp>
#include <sluice/clock.hpp>
#include <sluice/standard/memory.hpp>
#include <sluice/task.hpp>

namespace sluice {
namespace core {

struct alarm; // sync/alarm.hpp: a channel or a function that a timer of the scheduler sets off

/// What a timer does when it fires, other than delivering the time.
struct alarm_action {
  std::shared_ptr<void> function;
  void (*start)(const std::shared_ptr<void> &function, std::source_location where) = nullptr;
};

/// An alarm with one owner besides the scheduler.
class alarm_owner {
public:
  alarm_owner(clock::duration first, clock::duration period, alarm_action action,
              std::source_location where);
  alarm_owner(alarm_owner &&o) noexcept : shared(std::exchange(o.shared, nullptr)) {}
  alarm_owner &operator=(alarm_owner o) noexcept {
    std::swap(shared, o.shared);
    return *this;
  }
  ~alarm_owner();

  recv_chan<clock::time_point> channel() const noexcept;
  bool stop() noexcept;
  bool reset(clock::duration first, clock::duration period) noexcept;

private:
  alarm *shared;
};

/// `d` as a duration of our clock, the longest there is if it does not fit.
template <class Rep, class Period>
clock::duration to_duration(std::chrono::duration<Rep, Period> d) noexcept {
  using wide = std::chrono::duration<long double, clock::period>;
  if (wide(d) >= wide(clock::duration::max()))
    return clock::duration::max();
  return d <= d.zero() ? clock::duration::zero() : std::chrono::ceil<clock::duration>(d);
}

} // namespace core

class timer;

/// A timer that starts `f` as a task each time it fires. It fires even if the timer is dropped.
template <class Rep, class Period, class F>
timer after_func(std::chrono::duration<Rep, Period> d, F &&f,
                 std::source_location where = std::source_location::current());

/// Delivers the time once, after a while.
///
///     sluice::timer t(5s);
///     switch (select(on_recv(t.channel()), on_recv(answers, got))) { … }
///     t.stop();
///
/// A pending timer is no task, and no leak.
class timer {
  using place = std::source_location;

public:
  /// Fires after `d`; at once if that is not positive.
  template <class Rep, class Period>
  explicit timer(std::chrono::duration<Rep, Period> d, place where = place::current())
      : owned(core::to_duration(d), {}, {}, where) {}

  /// Where the time is delivered; nil for one made by after_func.
  recv_chan<clock::time_point> channel() const noexcept { return owned.channel(); }
  /// Keeps it from firing. Whether it was still pending; no older value is in the channel
  /// afterwards.
  bool stop() noexcept { return owned.stop(); }
  /// Makes it fire `d` from now instead. Whether it was still pending; no older value is in the
  /// channel afterwards.
  template <class Rep, class Period> bool reset(std::chrono::duration<Rep, Period> d) noexcept {
    return owned.reset(core::to_duration(d), {});
  }

private:
  template <class Rep, class Period, class F>
  friend timer after_func(std::chrono::duration<Rep, Period> d, F &&f, place where);
  explicit timer(core::alarm_owner o) noexcept : owned(std::move(o)) {}

  core::alarm_owner owned;
};

/// A channel that delivers the time once, after `d`.
template <class Rep, class Period>
recv_chan<clock::time_point> after(std::chrono::duration<Rep, Period> d,
                                   std::source_location where = std::source_location::current()) {
  return core::alarm_owner(core::to_duration(d), {}, {}, where).channel();
}

template <class Rep, class Period, class F>
timer after_func(std::chrono::duration<Rep, Period> d, F &&f, std::source_location where) {
  using function = std::decay_t<F>;
  core::alarm_action action{
      std::make_shared<function>(std::forward<F>(f)),
      [](const std::shared_ptr<void> &held, std::source_location started_at) {
        go([f = std::static_pointer_cast<function>(held)] { static_cast<void>((*f)()); },
           started_at);
      }};
  return timer(core::alarm_owner(core::to_duration(d), {}, std::move(action), where));
}

/// Delivers the time again and again, dropping ticks for a slow receiver.
///
///     sluice::ticker t(1s);
///     while (t.channel().recv(ctx))
///       poll();
class ticker {
public:
  /// Ticks every `period`; throws std::invalid_argument if that is not positive.
  template <class Rep, class Period>
  explicit ticker(std::chrono::duration<Rep, Period> period,
                  std::source_location where = std::source_location::current())
      : owned(checked(core::to_duration(period)), core::to_duration(period), {}, where) {}
  ticker(ticker &&) noexcept = default;
  ticker &operator=(ticker &&) = delete;
  ~ticker() { stop(); }

  /// Where the ticks are delivered. It is not closed when the ticker stops.
  recv_chan<clock::time_point> channel() const noexcept { return owned.channel(); }
  /// No tick is delivered after this, nor is one left in the channel.
  void stop() noexcept { owned.stop(); }
  /// Ticks every `period` from now on; throws as the constructor.
  template <class Rep, class Period> void reset(std::chrono::duration<Rep, Period> period) {
    const clock::duration d = checked(core::to_duration(period));
    owned.reset(d, d);
  }

private:
  static clock::duration checked(clock::duration period) {
    if (period <= clock::duration::zero())
      throw std::invalid_argument("the period of a ticker must be positive");
    return period;
  }

  core::alarm_owner owned;
};

} // namespace sluice
