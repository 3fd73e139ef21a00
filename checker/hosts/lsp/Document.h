// An open document, what is known of it, and what is under way.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "hosts/lsp/Analyst.h"
#include "hosts/lsp/Answers.h"

#include <chrono>

namespace sluice::checker::lsp {

using Clock = std::chrono::steady_clock;

/// A child with what it works on.
struct Job {
  standalone::Child child;
  int64_t version = 0; ///< of the document
  Clock::time_point deadline;
  bool isOver = false;
};

/// A request that waits until the repairs are known.
struct Waiting {
  llvm::json::Value id;
  std::vector<Range> ranges;
};

struct Document {
  std::string uri, path;
  int64_t version = 0;
  std::optional<Clock::time_point> due; ///< when to judge it; nothing: it is judged, or under way
  std::optional<int64_t> judgedVersion; ///< of what is known; nothing: it was never judged
  bool hasNoPreamble = false;           ///< it could not be made from the text's beginning
  bool isNew = true;                    ///< the first judgement is under way, or to come
  std::optional<Setting> setting;
  std::optional<standalone::Preamble> preamble;
  std::string preambleText; ///< what `preamble`, or its making, stands for
  std::optional<Job> making, judging, repairing;
  Judged judged;
  std::set<std::string> published; ///< the URIs that have diagnostics of this document
  std::vector<Waiting> waiting;
  std::string progress;         ///< the token of what the editor is asked to show
  bool progressIsShown = false; ///< it has agreed
};

/// Applies an entry of `contentChanges`; false if it is malformed.
bool applyChange(std::string &text, const llvm::json::Value &change);

} // namespace sluice::checker::lsp
