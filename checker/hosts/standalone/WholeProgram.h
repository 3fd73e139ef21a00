// Judges a program of several units: each alone, kept from run to run, then what spans them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/program/LinkedJudge.h"
#include "hosts/standalone/SummaryStore.h"
#include "hosts/standalone/UnitParser.h"
#include "hosts/standalone/Workers.h"

namespace sluice::checker::standalone {

/// What decides about the summary of a unit besides its files.
struct UnitKey {
  const UnitCommand &unit;
  const UnitSettings &settings;
  const models::Models &models;
  const std::string &modelDigest; ///< of the model files besides those that are built in
  std::set<std::string, std::less<>> enabled;
};

/// The summaries of one run.
class WholeProgram {
public:
  WholeProgram(SummaryStore store, size_t units) : store(std::move(store)), keys(units) {}

  /// Says how unit `index` is judged; before anything else about it.
  void name(size_t index, const UnitKey &key);

  /// The report of a unit whose summary is kept and still holds.
  std::optional<findings::UnitReport> find(size_t index);

  /// Judges a unit in the process that calls, and keeps its summary. What cannot be kept, or has
  /// errors, is not linked.
  findings::UnitReport judge(size_t index, const UnitKey &key);

  /// Links the units `judged`, which have summaries, in a process of its own.
  checks::LinkResult link(const std::vector<size_t> &judged, const checks::LinkOptions &options,
                          WorkerLimits limits, std::string &failure);

private:
  SummaryStore store;
  std::vector<std::string> keys;
};

/// One summary, made in the process that calls.
checks::Summary summarise(const UnitKey &key, std::vector<ReadFile> *read);

/// Reads a summary from a file.
llvm::Expected<checks::Summary> readSummary(const std::string &path,
                                            checks::SummaryPart part = checks::SummaryPart::All);

/// Links the summaries in `paths`, in a process of its own. `store`, if it is given, keeps
/// verdicts.
checks::LinkResult linkFiles(const std::vector<std::string> &paths,
                             const checks::LinkOptions &options, WorkerLimits limits,
                             std::string &failure, SummaryStore *store = nullptr);

} // namespace sluice::checker::standalone
