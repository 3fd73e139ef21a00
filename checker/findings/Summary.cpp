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

std::string findingCounts(const Summary &summary) {
  if (!summary.warnings && !summary.styles)
    return "no warnings";
  if (!summary.styles)
    return counted(summary.warnings, "warning");
  std::string styles = counted(summary.styles, "style remark");
  return summary.warnings ? counted(summary.warnings, "warning") + " and " + styles : styles;
}

} // namespace

std::string counted(uint64_t count, const std::string &noun) {
  return std::to_string(count) + ' ' + (count == 1 ? noun : plural(noun));
}

void countFindings(Summary &summary, const std::vector<Finding> &findings) {
  for (const Finding &finding : findings)
    ++(finding.severity == Severity::Style ? summary.styles : summary.warnings);
}

void countPrimitives(Summary &summary, std::vector<JudgedPrimitive> primitives) {
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
    if (winner->judgement == Judgement::NoVerdict)
      ++summary.reasons[winner->why];
    ++(winner->judgement == Judgement::Verified   ? summary.verified
       : winner->judgement == Judgement::Reported ? summary.reported
                                                  : summary.unjudged);
  }
}

std::string describe(const Summary &summary) {
  uint64_t total = uint64_t(summary.verified) + summary.reported + summary.unjudged;
  std::string line = "sluice: " + findingCounts(summary) + " in " + counted(summary.files, "file");
  if (summary.failedFiles)
    line += ", " + std::to_string(summary.failedFiles) + " of them not judged";
  line += "; " + std::to_string(total) + ' ' + kinds(summary.nouns, total) + ": " +
          std::to_string(summary.reported) + " reported, " + std::to_string(summary.verified) +
          " verified,";
  std::string rest =
      std::to_string(summary.unjudged) + " without verdict" + reasonList(summary.reasons);
  bool fits = line.size() + 1 + rest.size() <= foldAfter;
  return line + (fits ? " " : "\n        ") + rest;
}

} // namespace sluice::checker::findings
