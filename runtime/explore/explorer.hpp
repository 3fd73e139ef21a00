// A search of interleavings in one process: set up by the options, asked by reports.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "explore/guide.hpp"
#include "explore/schedule.hpp"
#include "explore/strategy.hpp"

#include <cstdint>
#include <string>

namespace sluice::explore {

/// How the next task is chosen.
enum class search_kind : std::uint8_t { none, random, pct, guided, replay };

/// What the options say of the search.
struct settings {
  search_kind kind = search_kind::none;
  std::uint64_t seed = 1;
  unsigned depth = 3;                  // pct: the orders that a defect may need
  std::uint64_t length = 150;          // pct: the steps that a run is expected to have
  std::uint64_t max_steps = 1'000'000; // then the run ends without a verdict
  schedule given;                      // replay
  guide witness;                       // guided
  lines_of_caller lines = nullptr;     // guided; never null there
};

/// Puts the search in charge. Before the first task is started.
void begin(settings s);

/// How far the search has come. May be read while the run goes on.
struct progress {
  std::uint64_t seed = 0;
  std::uint64_t steps = 0; // scheduling points passed
  std::string schedule;    // the decisions so far
  /// replay: of each decision how many ways there were, and 'p' if all but the first would have
  /// interrupted a task that could go on, else '.'.
  std::string ways;
  std::string trace;              // replay: the steps taken, see explore/trace.hpp; may be empty
  std::uint64_t guided_steps = 0; // of the guide, that were done
  std::string options;            // what SLUICE_OPTIONS has to say to do the same again
  bool replayable = true;         // nothing but tasks had a part in it
};

/// What has happened until now; null if nothing is searched. Not while the world stands still.
bool in_search() noexcept;
progress so_far();

/// The exit status of a run that was ended by max_steps.
constexpr int step_limit_status = 124;

} // namespace sluice::explore
