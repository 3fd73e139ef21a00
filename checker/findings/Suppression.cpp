// Reads NOLINT comments the way clang-tidy does.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/Suppression.h"

#include "findings/CheckGlobs.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"

#include <limits>

namespace sluice::checker::findings {
namespace {

bool isWordCharacter(char c) { return llvm::isAlnum(c) || c == '_'; }

/// What stands at one "NOLINT" of a line.
struct Written {
  llvm::StringRef word; ///< empty if it is only the end of a longer word
  std::optional<llvm::StringRef> list;
};

std::optional<Written> nextWritten(llvm::StringRef &rest) {
  size_t found = rest.find("NOLINT");
  if (found == llvm::StringRef::npos)
    return std::nullopt;
  bool standsAlone = found == 0 || !isWordCharacter(rest[found - 1]);
  rest = rest.drop_front(found);
  Written written{rest.take_while(isWordCharacter), std::nullopt};
  rest = rest.drop_front(written.word.size());
  if (rest.starts_with("(") && rest.contains(')'))
    written.list = rest.drop_front().take_until([](char c) { return c == ')'; });
  if (!standsAlone)
    written.word = {};
  return written;
}

constexpr uint32_t endOfFile = std::numeric_limits<uint32_t>::max();

/// Sets which lines a comment on line `number` covers; a region is ended by endRegion().
template <class Marker> bool setReach(Marker &marker, uint32_t number) {
  if (marker.word == "NOLINT")
    marker.firstLine = marker.lastLine = number;
  else if (marker.word == "NOLINTNEXTLINE")
    marker.firstLine = marker.lastLine = number + 1;
  else if (marker.word == "NOLINTBEGIN")
    marker.firstLine = number + 1, marker.lastLine = endOfFile;
  else
    return false;
  return true;
}

/// An end closes the innermost open begin that lists the same.
template <class Marker>
void endRegion(std::vector<Marker> &markers, const std::optional<llvm::StringRef> &list,
               uint32_t number) {
  for (auto marker = markers.rbegin(); marker != markers.rend(); ++marker)
    if (marker->lastLine == endOfFile && marker->list == list) {
      marker->lastLine = number;
      return;
    }
}

} // namespace

std::vector<Suppressions::Marker> Suppressions::readMarkers(llvm::StringRef path) {
  std::vector<Marker> markers;
  if (!sources.text(path).contains("NOLINT"))
    return markers;
  uint32_t lines = sources.lineCount(path);
  for (uint32_t number = 1; number <= lines; ++number) {
    llvm::StringRef whole = sources.line(path, number), rest = whole;
    while (auto written = nextWritten(rest)) {
      Marker marker{{}, written->word, written->list, {}};
      if (written->word == "NOLINTEND")
        endRegion(markers, written->list, number);
      if (!setReach(marker, number))
        continue;
      auto column = static_cast<uint32_t>(written->word.data() - whole.data()) + 1;
      auto end = static_cast<uint32_t>(rest.data() - whole.data()) + 1;
      marker.at = {path.str(), {0, number, column, number, end}};
      CheckGlobs listed(written->list.value_or(""));
      for (const CheckGlobs::Item &item : listed.items())
        if (item.adds)
          marker.items.push_back({item.pattern});
      markers.push_back(std::move(marker));
    }
  }
  return markers;
}

std::vector<Suppressions::Marker> &Suppressions::markersOf(llvm::StringRef path) {
  auto [entry, fresh] = byFile.try_emplace(path);
  if (fresh)
    entry->second = readMarkers(path);
  return entry->second;
}

bool Suppressions::takes(Marker &marker, llvm::StringRef check) {
  std::string prefixed = (checkPrefix + check).str();
  bool any = !marker.list;
  for (Item &item : marker.items)
    if (globMatches(item.pattern, prefixed))
      any = item.used = true;
  return any;
}

bool Suppressions::covers(const Finding &finding) {
  uint32_t line = finding.at.span.line;
  bool covered = false;
  for (Marker &marker : markersOf(finding.at.path))
    if (marker.firstLine <= line && line <= marker.lastLine)
      covered |= takes(marker, finding.check);
  return covered;
}

std::vector<UnusedMarker>
Suppressions::unused(llvm::StringRef path,
                     llvm::function_ref<Standing(llvm::StringRef id)> standing) {
  std::vector<UnusedMarker> found;
  for (const Marker &marker : markersOf(path))
    for (const Item &item : marker.items) {
      llvm::StringRef id = item.pattern;
      if (item.used || !id.consume_front(checkPrefix) || id.contains('*'))
        continue;
      Standing known = standing(id);
      if (known != Standing::DidNotRun)
        found.push_back({marker.at, (marker.word + "(" + item.pattern + ")").str(),
                         known == Standing::Ran ? "the check ran and found nothing there"
                                                : "there is no such check"});
    }
  return found;
}

} // namespace sluice::checker::findings
