// Words the summary of a run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/Summary.h"

#include "llvm/ADT/StringRef.h"

#include <algorithm>
#include <tuple>

namespace sluice::checker::findings {
namespace {

constexpr size_t foldAfter = 100;

std::string plural(const std::string &noun) {
  return llvm::StringRef(noun).ends_with("x") ? noun + "es" : noun + "s";
}

/// A report stands whoever else was content; a doubt is only outweighed where the unit that had
/// it never used the primitive.
int weight(const JudgedPrimitive &primitive) {
  if (primitive.judgement == Judgement::Reported)
    return 3;
  if (primitive.judgement == Judgement::Verified)
    return 1;
  return primitive.reached ? 2 : 0;
}

/// "channels, tasks and locks"; beyond three kinds, or for none, "primitives".
std::string kinds(const std::map<std::string, uint32_t> &nouns, uint64_t total) {
  if (nouns.empty() || nouns.size() > 3)
    return total == 1 ? "primitive" : "primitives";
  std::string text;
  size_t left = nouns.size();
  for (const auto &[noun, count] : nouns) {
    text += total == 1 ? noun : plural(noun);
    --left;
    text += left > 1 ? ", " : left == 1 ? " and " : "";
  }
  return text;
}

/// The reasons, the most frequent first.
std::string reasonList(const std::map<std::string, uint32_t> &reasons) {
  std::vector<std::pair<std::string, uint32_t>> sorted(reasons.begin(), reasons.end());
  std::sort(sorted.begin(), sorted.end(), [](const auto &a, const auto &b) {
    return std::tie(b.second, a.first) < std::tie(a.second, b.first);
  });
  std::string text;
  for (const auto &[reason, count] : sorted)
    text += (text.empty() ? "" : ", ") + std::to_string(count) + ' ' + reason;
  return text.empty() ? text : " (" + text + ")";
}

/// Rounded down, so that what is just below a limit does not look as if it reached it.
std::string percent(double share) { return std::to_string(static_cast<unsigned>(share)) + " %"; }

std::string besides(const Summary &summary) {
  std::string text;
  auto add = [&](const std::string &line) { text += "\nsluice: " + line; };
  if (!summary.written.empty())
    add("the baseline '" + summary.written + "' now has " + counted(summary.known, "finding"));
  else if (summary.known)
    add(counted(summary.known, "finding") + " not shown: in the baseline");
  if (summary.gone)
    add(counted(summary.gone, "finding") +
        " of the baseline no longer there: write it anew with --write-baseline");
  if (summary.elsewhere)
    add(counted(summary.elsewhere, "finding") + " not shown: the change does not touch their path");
  if (summary.unusedMarkers)
    add(counted(summary.unusedMarkers, "NOLINT comment") + " silencing nothing");
  if (!summary.coversEnough())
    add("coverage is " + percent(summary.coverage()) + ", and " +
        std::to_string(summary.minCoverage) + " % were asked for");
  return text;
}

} // namespace

std::string counted(uint64_t count, const std::string &noun) {
  return std::to_string(count) + ' ' + (count == 1 ? noun : plural(noun));
}

std::string findingCounts(const Summary &summary) {
  if (!summary.warnings && !summary.styles)
    return "no warnings";
  if (!summary.styles)
    return counted(summary.warnings, "warning");
  std::string styles = counted(summary.styles, "style remark");
  return summary.warnings ? counted(summary.warnings, "warning") + " and " + styles : styles;
}

void countFindings(Summary &summary, const std::vector<Finding> &findings) {
  for (const Finding &finding : findings)
    ++(finding.severity == Severity::Style ? summary.styles : summary.warnings);
}

std::vector<JudgedPrimitive> countPrimitives(Summary &summary,
                                             std::vector<JudgedPrimitive> primitives) {
  std::vector<JudgedPrimitive> unjudged;
  std::sort(primitives.begin(), primitives.end(), [](const auto &a, const auto &b) {
    return std::tie(a.madeAt, a.noun) < std::tie(b.madeAt, b.noun);
  });
  for (size_t first = 0, next; first < primitives.size(); first = next) {
    const JudgedPrimitive *winner = &primitives[first];
    for (next = first + 1; next < primitives.size(); ++next) {
      const JudgedPrimitive &other = primitives[next];
      if (std::tie(other.madeAt, other.noun) != std::tie(winner->madeAt, winner->noun))
        break;
      if (weight(other) > weight(*winner))
        winner = &other;
    }
    ++summary.nouns[winner->noun];
    if (winner->judgement == Judgement::NoVerdict) {
      ++summary.reasons[winner->why];
      unjudged.push_back(*winner);
    }
    ++(winner->judgement == Judgement::Verified   ? summary.verified
       : winner->judgement == Judgement::Reported ? summary.reported
                                                  : summary.unjudged);
  }
  return unjudged;
}

double Summary::coverage() const {
  uint64_t all = primitives();
  return all ? 100.0 * static_cast<double>(uint64_t(verified) + reported) / static_cast<double>(all)
             : 100.0;
}

std::string describe(const Summary &summary) {
  uint64_t total = summary.primitives();
  std::string line = "sluice: " + findingCounts(summary) + " in " + counted(summary.files, "file");
  if (summary.failedFiles)
    line += ", " + std::to_string(summary.failedFiles) + " of them not judged";
  line += "; " + std::to_string(total) + ' ' + kinds(summary.nouns, total) + ": " +
          std::to_string(summary.reported) + " reported, " + std::to_string(summary.verified) +
          " verified,";
  std::string rest =
      std::to_string(summary.unjudged) + " without verdict" + reasonList(summary.reasons);
  bool fits = line.size() + 1 + rest.size() <= foldAfter;
  return line + (fits ? " " : "\n        ") + rest + besides(summary);
}

} // namespace sluice::checker::findings
