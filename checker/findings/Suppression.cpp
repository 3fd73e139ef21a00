// Reads NOLINT comments the way clang-tidy does.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/Suppression.h"

#include "findings/CheckGlobs.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"

namespace sluice::checker::findings {
namespace {

/// One marker in a line: `NOLINT…` and what it lists.
struct Marker {
  llvm::StringRef word;
  std::optional<llvm::StringRef> list; ///< nothing: every check
};

bool isWordCharacter(char c) { return llvm::isAlnum(c) || c == '_'; }

std::optional<Marker> nextMarker(llvm::StringRef &rest) {
  size_t found = rest.find("NOLINT");
  if (found == llvm::StringRef::npos)
    return std::nullopt;
  bool standsAlone = found == 0 || !isWordCharacter(rest[found - 1]);
  rest = rest.drop_front(found);
  Marker marker{rest.take_while(isWordCharacter), std::nullopt};
  rest = rest.drop_front(marker.word.size());
  if (!standsAlone)
    marker.word = {};
  if (rest.starts_with("(") && rest.contains(')'))
    marker.list = rest.drop_front().take_until([](char c) { return c == ')'; });
  return marker;
}

bool covers(const Marker &marker, llvm::StringRef check) {
  if (!marker.list)
    return true;
  std::string prefixed = (checkPrefix + check).str();
  CheckGlobs globs(*marker.list);
  for (const CheckGlobs::Item &item : globs.items())
    if (item.adds && globMatches(item.pattern, prefixed))
      return true;
  return false;
}

bool lineHas(llvm::StringRef line, llvm::StringRef word, llvm::StringRef check) {
  while (auto marker = nextMarker(line))
    if (marker->word == word && covers(*marker, check))
      return true;
  return false;
}

/// Whether a NOLINTBEGIN for `check` before line `number` is still open there. A begin is closed
/// by an end that lists the same.
bool isInsideRegion(const Finding &finding, SourceText &sources) {
  std::vector<std::optional<llvm::StringRef>> open;
  for (uint32_t number = 1; number < finding.at.span.line; ++number) {
    llvm::StringRef line = sources.line(finding.at.path, number);
    while (auto marker = nextMarker(line)) {
      if (marker->word == "NOLINTBEGIN" && covers(*marker, finding.check))
        open.push_back(marker->list);
      else if (marker->word == "NOLINTEND" && !open.empty() && open.back() == marker->list)
        open.pop_back();
    }
  }
  return !open.empty();
}

} // namespace

bool isSuppressed(const Finding &finding, SourceText &sources) {
  uint32_t number = finding.at.span.line;
  return lineHas(sources.line(finding.at.path, number), "NOLINT", finding.check) ||
         (number > 1 &&
          lineHas(sources.line(finding.at.path, number - 1), "NOLINTNEXTLINE", finding.check)) ||
         isInsideRegion(finding, sources);
}

} // namespace sluice::checker::findings
