// A finding: what a check has to say about one place, ready to be shown in any format.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "skeleton/Span.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::checker::findings {

/// How much a finding weighs. Style findings do not fail a run unless asked to.
enum class Severity : uint8_t { Style, Warning };

/// The severity's name, as `--fail-on` and the text output spell it.
const char *name(Severity severity);

/// A place in a file. The path is the one shown to the user; the span's file index is not used.
struct Place {
  std::string path;
  skeleton::Span span;

  bool valid() const { return span.valid() && !path.empty(); }
  auto operator<=>(const Place &) const = default;
};

/// A remark that belongs to a finding. Numbered notes tell the path in schedule order.
struct Note {
  Place at;
  std::string text;
  uint32_t number = 0; ///< 0: not a step of the path
};

/// One step of one task; `order` counts over all tasks of the finding.
struct FlowStep {
  Place at;
  std::string text;
  uint32_t order = 0;
};

/// What one task does on the way to the defect.
struct Flow {
  std::string task;
  std::vector<FlowStep> steps;
  bool blocked = false; ///< it waits for ever at its last step
};

/// What goes from a step of one task to a step of another: a message, a start, a wake-up.
struct Arrow {
  uint32_t from = 0; ///< the `order` of the steps
  uint32_t to = 0;
  std::string what; ///< "send", "start", "close" or "signal"
};

/// Text to put in place of a range of the source. An empty range inserts.
struct Edit {
  Place range;
  std::string text;
  auto operator<=>(const Edit &) const = default;
};

/// A way to repair the defect.
struct Fix {
  std::string description;
  bool proved = false; ///< the repaired program was explored, and the finding is gone
  std::vector<Edit> edits;
};

/// What a check found.
struct Finding {
  std::string check; ///< the id, without a prefix
  Severity severity = Severity::Warning;
  bool definite = false; ///< whatever the schedule, it happens
  std::string message;
  Place at;
  std::vector<Note> notes;
  std::vector<Flow> flows; ///< one a task; empty for findings without a schedule
  std::vector<Arrow> arrows;
  std::vector<Fix> fixes;
  std::string fingerprint; ///< see Fingerprint.h
  /// What exploring showed it: the key of the function that its scope starts from, and where the
  /// primitives are made that it is about. Empty for all else.
  std::string scope;
  std::vector<Place> about;
};

/// Orders findings by place, check and message, and drops the ones that say the same twice.
void sortAndFold(std::vector<Finding> &findings);

} // namespace sluice::checker::findings
