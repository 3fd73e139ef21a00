// Runs of a program that is linked with the runtime, and what each reported.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice::checker::standalone {

/// How a run ended.
enum class RunEnd : uint8_t {
  Ended,        ///< by itself; it may have findings
  StepLimit,    ///< at the option max_steps
  TimedOut,     ///< killed
  Failed,       ///< with a status or signal of its own and no finding
  CouldNotStart ///< see `failure`
};

struct BlockedPlace {
  std::string file;
  uint64_t line;
};

/// What one run came to.
struct RunOutcome {
  RunEnd end = RunEnd::Ended;
  std::vector<std::string> findings; ///< a line each, equal for equal defects
  std::vector<BlockedPlace> blocked; ///< where the tasks of the findings are
  std::string failure;               ///< in words, if it failed
  uint64_t steps = 0;
  uint64_t guidedSteps = 0; ///< of the guide's, that were done
  std::string ways;         ///< of a replay: what each decision could have been
  std::string trace;        ///< of a replay: what was done step by step
  std::string schedule;     ///< the decisions it took
  std::string options;      ///< for SLUICE_OPTIONS: what does the same again
  bool reported = false;    ///< the runtime has written its report
};

/// Runs one program again and again.
class ProgramRunner {
public:
  ProgramRunner(std::vector<std::string> command, std::chrono::seconds limit);
  ~ProgramRunner();
  ProgramRunner(const ProgramRunner &) = delete;
  ProgramRunner &operator=(const ProgramRunner &) = delete;

  /// Runs it `count` times, `jobs` at a time, each with options(i) added to SLUICE_OPTIONS and its
  /// output thrown away; `done` is called as they end, in any order. options() may say that it
  /// knows of no further run yet; when none is under way either, there is none. Returns false, at
  /// once, when the user interrupts it.
  bool runAll(size_t count, unsigned jobs,
              llvm::function_ref<std::optional<std::string>(size_t)> options,
              llvm::function_ref<void(size_t, RunOutcome)> done);

  /// Runs it once.
  RunOutcome runOnce(const std::string &options);

  /// Keeps a text in a file until the end; its path.
  llvm::Expected<std::string> keep(const std::string &text);

  /// Runs it once for people; what it wrote to standard error.
  std::string textOf(const std::string &options);

private:
  class Batch;

  std::vector<std::string> command;
  std::chrono::seconds limit;
  std::string folder; ///< for reports and what is kept; removed at the end
  size_t kept = 0;
};

} // namespace sluice::checker::standalone
