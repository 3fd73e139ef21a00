// Decides whether a changed program is a repaired one: the defect is gone, and nothing is new.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/Verdict.h"
#include "checks/repair/Proposal.h"
#include "findings/Finding.h"

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sluice::checker::checks {

/// What the exploration of a program gave, by places in the source.
struct Outcome {
  struct Defect {
    analysis::Defect defect = analysis::Defect::BlockedForever;
    findings::Place at;
    auto operator<=>(const Defect &) const = default;
  };
  struct Primitive {
    findings::Place madeAt;
    skeleton::PrimitiveKind kind = skeleton::PrimitiveKind::Channel;
    auto operator<=>(const Primitive &) const = default;
  };
  std::vector<Defect> defects; ///< in the order of the verdicts
  std::multiset<Primitive> primitives;
  std::multiset<Primitive> judged; ///< those of the primitives that have a verdict
};

Outcome outcomeOf(const skeleton::Program &program, const analysis::Result &result);

/// A text, the same text with edits, and the way back from places in the second to the first.
class EditedText {
public:
  /// `path` is how the file is called in places. Edits must not overlap.
  EditedText(std::string path, llvm::StringRef original, std::vector<TextEdit> edits);

  const std::string &text() const { return edited; }

  /// Where a place of the edited program stood before, by where it begins; nothing for what
  /// begins in new text.
  std::optional<findings::Place> original(const findings::Place &place) const;

private:
  std::string path;
  std::string before;
  std::string edited;
  std::vector<TextEdit> edits;
};

/// A place by where it begins: edits change the ends of what they stand in.
findings::Place begin(const findings::Place &place);

/// Whether `after`, explored with `change` in the source, has none of the `repaired` defects of
/// `before` (by index), no other defect than `before` had, and a verdict for all that had one.
bool isRepaired(const Outcome &before, const Outcome &after, const std::set<size_t> &repaired,
                const EditedText &change);

} // namespace sluice::checker::checks
