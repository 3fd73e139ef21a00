// The clock that every time-out of this library is measured by.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/standard/chrono.hpp>

#include <type_traits>

namespace sluice {

/// Has the durations and time points of std::chrono::steady_clock; its now() is virtual while
/// interleavings are searched.
struct clock {
  using duration = std::chrono::steady_clock::duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::steady_clock::time_point;
  static constexpr bool is_steady = true;

  /// The time now.
  static time_point now() noexcept;

  /// The point that lies `d` ahead; the last one there is if that is further than the clock counts.
  template <class Rep, class Period>
  static time_point in(std::chrono::duration<Rep, Period> d) noexcept {
    if (d <= d.zero())
      return now();
    const time_point start = now();
    using wide = std::chrono::duration<long double, period>;
    if (wide(d) >= wide(time_point::max() - start))
      return time_point::max();
    return start + std::chrono::ceil<duration>(d);
  }

  /// The same moment by this clock; another clock is read once, now.
  template <class Other, class Duration>
  static time_point at(std::chrono::time_point<Other, Duration> t) noexcept {
    if constexpr (std::is_same_v<Other, std::chrono::steady_clock>)
      return std::chrono::time_point_cast<duration>(t);
    else
      return in(t - Other::now());
  }
};

} // namespace sluice
