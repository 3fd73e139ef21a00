// Who decides at each point of a search.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/interleaving.hpp"
#include "explore/guide.hpp"
#include "explore/schedule.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace sluice::explore {

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers for the same seed everywhere.
class generator {
public:
  explicit generator(std::uint64_t seed) : state(seed) {}
  std::uint64_t next();
  /// Below `n`.
  std::uint64_t below(std::uint64_t n) { return next() % n; }

private:
  std::uint64_t state;
};

/// Decides among at least two ways to go on.
class strategy {
public:
  virtual ~strategy() = default;
  /// See core::interleaving_table.
  virtual std::size_t pick_task(std::span<const core::candidate> those) = 0;
  virtual std::uint32_t pick_case(std::uint32_t n) = 0;
  virtual void yielded(std::uint64_t) {}
  /// The calling task, which has this id, is at a scheduling point.
  virtual void arrived(std::uint64_t) {}
  /// Nobody but this one could run next.
  virtual void goes_on(const core::candidate &) {}
};

/// Each way is as likely as the others.
std::unique_ptr<strategy> random_walk(std::uint64_t seed);

/// Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte 2010): the task
/// of the highest priority runs; priorities are random, and `depth` - 1 times, at random steps of
/// the `length` that a run is expected to have, the present task's becomes the lowest. A defect
/// that needs `depth` such orders is found by a run with a probability of at least
/// 1 / (tasks * length^(depth - 1)). A task that yields, or that runs for long while others wait,
/// falls behind these.
std::unique_ptr<strategy> pct(std::uint64_t seed, unsigned depth, std::uint64_t length);

/// Follows `s`. Where it names a way that is not there, the run has diverged: `on_divergence(step)`
/// is called the first time, and the first way taken.
std::unique_ptr<strategy> replay(schedule s, void (*on_divergence)(std::size_t place));

/// The lines of code that the calling task stands in, one a frame.
using lines_of_caller = std::vector<code_line> (*)();

/// Follows `g` where the program can, else each way is as likely as the others. `on_step()` is
/// called at each of its steps that is done.
std::unique_ptr<strategy> guided(guide g, std::uint64_t seed, lines_of_caller lines,
                                 void (*on_step)());

} // namespace sluice::explore
