// The line that ends every run: what was verified, what was reported, and what got no verdict.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "findings/Finding.h"

#include <map>
#include <string>
#include <vector>

namespace sluice::checker::findings {

/// What became of one primitive.
enum class Judgement : uint8_t { Verified, Reported, NoVerdict };

/// A primitive that the run met, and why it got no verdict if so.
struct JudgedPrimitive {
  Place madeAt;
  std::string noun; ///< "channel", "lock", …
  Judgement judgement = Judgement::NoVerdict;
  std::string why;   ///< NoVerdict: "escape to unknown code", …; reads well after a number
  std::string title; ///< "channel 'results'"; empty unless an account was asked for
  std::vector<std::string> account; ///< how it was judged, line by line; empty unless asked for
  bool reached = true;              ///< false: this unit never uses it, another one may
};

/// Counts of a whole run.
struct Summary {
  uint32_t files = 0;
  uint32_t failedFiles = 0; ///< not judged: did not parse or could not be read
  uint32_t warnings = 0;
  uint32_t styles = 0;
  std::map<std::string, uint32_t> nouns;
  uint32_t verified = 0;
  uint32_t reported = 0;
  uint32_t unjudged = 0;
  std::map<std::string, uint32_t> reasons; ///< of the ones without verdict
  uint32_t known = 0;     ///< findings that the baseline has; of a new one: all it now has
  uint32_t gone = 0;      ///< entries of the baseline that no longer occur, as far as was looked
  uint32_t elsewhere = 0; ///< findings that the change does not touch
  uint32_t unusedMarkers = 0;
  std::string written;      ///< the baseline that now has all findings; empty: none
  unsigned minCoverage = 0; ///< percent that was asked for

  uint64_t primitives() const { return uint64_t(verified) + reported + unjudged; }
  /// The share of primitives with a verdict, in percent; all of none.
  double coverage() const;
  bool coversEnough() const { return coverage() >= minCoverage; }
};

/// Counts `findings` by severity.
void countFindings(Summary &summary, const std::vector<Finding> &findings);

/// Counts `primitives`, each making place once however many units met it. The answer is those
/// without a verdict, by place.
std::vector<JudgedPrimitive> countPrimitives(Summary &summary,
                                             std::vector<JudgedPrimitive> primitives);

/// The summary in words: one line, folded after 100 columns, and one for each thing that was asked
/// for besides or wants to be known.
std::string describe(const Summary &summary);

/// "no warnings", "2 warnings and 1 style remark".
std::string findingCounts(const Summary &summary);

/// "1 warning", "2 warnings".
std::string counted(uint64_t count, const std::string &noun);

} // namespace sluice::checker::findings
