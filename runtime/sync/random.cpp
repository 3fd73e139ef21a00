// A small generator for each thread; quality beyond fairness is of no use here.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "sync/random.hpp"

#include <chrono>

namespace sluice::core {
namespace {

/// SplitMix64.
std::uint64_t mix(std::uint64_t z) noexcept {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

constinit thread_local std::uint64_t state = 0;

/// Threads start at different points, and so do runs of the program.
std::uint64_t first_state() noexcept {
  return mix(static_cast<std::uint64_t>(
                 std::chrono::steady_clock::now().time_since_epoch().count()) ^
             reinterpret_cast<std::uintptr_t>(&state)) |
         1;
}

} // namespace

std::uint32_t random_below(std::uint32_t n) noexcept {
  if (state == 0)
    state = first_state();
  state += 0x9e3779b97f4a7c15u;
  // The upper half times n: as good as uniform, since n is small beside 2^32.
  return static_cast<std::uint32_t>(((mix(state) >> 32) * n) >> 32);
}

} // namespace sluice::core
