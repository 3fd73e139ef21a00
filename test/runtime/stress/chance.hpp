// What may happen between two operations, drawn from a seed: nothing, a spin, a yield, a sleep.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/blocking.hpp>
#include <sluice/task.hpp>

#include <chrono>
#include <cstdint>
#include <thread>

namespace sluice::test {

/// A source of decisions. Each strand has one of its own, made from its starter's, so that what a
/// strand does hangs on the seed alone.
class chance {
public:
  explicit chance(std::uint64_t seed) noexcept : state(seed * 0x9e3779b97f4a7c15ULL + 1) {}

  /// A number below `n`, which is not 0.
  std::uint64_t below(std::uint64_t n) noexcept { return draw() % n; }
  /// True once in `n`.
  bool one_in(std::uint64_t n) noexcept { return below(n) == 0; }
  /// Whole microseconds up to `most`.
  std::chrono::microseconds up_to(std::chrono::microseconds most) noexcept {
    return std::chrono::microseconds(below(static_cast<std::uint64_t>(most.count()) + 1));
  }
  /// A source for another strand.
  chance split() noexcept { return chance(draw()); }

  /// Mostly nothing; now and then something that changes who runs next, and where.
  void pause() {
    const std::uint64_t what = below(256);
    if (what < 24)
      spin(below(400));
    else if (what < 48)
      yield();
    else if (what < 52)
      sleep_for(up_to(std::chrono::microseconds(60)));
    else if (what == 52)
      blocking([this] { std::this_thread::sleep_for(up_to(std::chrono::microseconds(60))); });
    else if (what == 53)
      std::this_thread::sleep_for(up_to(std::chrono::microseconds(60))); // holds its thread up
  }
  /// Computes for a while.
  static void spin(std::uint64_t steps) noexcept {
    for (volatile std::uint64_t i = 0; i < steps; i = i + 1) {
    }
  }

private:
  std::uint64_t draw() noexcept {
    state += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

  std::uint64_t state;
};

} // namespace sluice::test
