// Compares what was found before an edit with what is found after it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/repair/Proof.h"

#include "checks/Story.h"

#include <algorithm>

namespace sluice::checker::checks {

using analysis::Coverage;
using findings::Place;

Place begin(const Place &place) {
  Place start = place;
  start.span.endLine = start.span.line;
  start.span.endColumn = start.span.column;
  return start;
}

Outcome outcomeOf(const skeleton::Program &program, const analysis::Result &result) {
  Outcome outcome;
  analysis::Verdict none;
  Story story(program, none);
  for (const analysis::Verdict &verdict : result.verdicts)
    outcome.defects.push_back({verdict.defect, begin(story.place(verdict.at))});
  for (const Coverage::Entry &entry : result.coverage.primitives) {
    Outcome::Primitive primitive{begin(story.place(entry.primitive.madeAt)), entry.primitive.kind};
    outcome.primitives.insert(primitive);
    if (entry.state != Coverage::State::None)
      outcome.judged.insert(primitive);
  }
  return outcome;
}

namespace {

/// The byte at which a line and column (from 1) stand; nothing if the text has no such line.
std::optional<size_t> offsetOf(llvm::StringRef text, uint32_t line, uint32_t column) {
  size_t start = 0;
  for (uint32_t number = 1; number < line; ++number) {
    start = text.find('\n', start);
    if (start == llvm::StringRef::npos)
      return std::nullopt;
    ++start;
  }
  return start + column - 1;
}

Place placeAt(const Place &like, llvm::StringRef text, size_t offset) {
  llvm::StringRef head = text.take_front(offset);
  Place place = like;
  place.span.line = static_cast<uint32_t>(head.count('\n')) + 1;
  size_t newline = head.rfind('\n');
  place.span.column =
      static_cast<uint32_t>(newline == llvm::StringRef::npos ? offset : offset - newline - 1) + 1;
  return begin(place);
}

} // namespace

EditedText::EditedText(std::string path, llvm::StringRef original, std::vector<TextEdit> wanted)
    : path(std::move(path)), before(original), edits(std::move(wanted)) {
  std::sort(edits.begin(), edits.end());
  size_t at = 0;
  for (const TextEdit &edit : edits) {
    edited += original.slice(at, edit.begin);
    edited += edit.text;
    at = edit.end;
  }
  edited += original.drop_front(at);
}

std::optional<Place> EditedText::original(const Place &place) const {
  if (place.path != path || !place.valid())
    return begin(place);
  std::optional<size_t> found = offsetOf(edited, place.span.line, place.span.column);
  if (!found)
    return std::nullopt;
  size_t oldAt = 0, newAt = 0;
  for (const TextEdit &edit : edits) {
    size_t kept = edit.begin - oldAt;
    if (*found < newAt + kept)
      break;
    newAt += kept + edit.text.size();
    oldAt = edit.end;
    if (*found < newAt)
      return std::nullopt;
  }
  return placeAt(place, before, oldAt + (*found - newAt));
}

namespace {

/// Takes one element that equals `item` out of `items`; false if there is none.
template <typename Set, typename T> bool takeOut(Set &items, const T &item) {
  auto found = items.find(item);
  if (found == items.end())
    return false;
  items.erase(found);
  return true;
}

bool hasNoNewDefect(const Outcome &before, const Outcome &after, const std::set<size_t> &repaired,
                    const EditedText &change) {
  std::multiset<Outcome::Defect> known;
  for (size_t index = 0; index < before.defects.size(); ++index)
    if (!repaired.count(index))
      known.insert(before.defects[index]);
  return std::all_of(after.defects.begin(), after.defects.end(), [&](auto &defect) {
    std::optional<Place> place = change.original(defect.at);
    return place && takeOut(known, Outcome::Defect{defect.defect, *place});
  });
}

bool isAsWellJudged(const Outcome &before, const Outcome &after, const EditedText &change) {
  std::multiset<Outcome::Primitive> missing = before.judged;
  std::multiset<Outcome::Primitive> unjudged = after.primitives;
  for (const Outcome::Primitive &primitive : after.judged) {
    takeOut(unjudged, primitive);
    if (std::optional<Place> place = change.original(primitive.madeAt))
      takeOut(missing, Outcome::Primitive{*place, primitive.kind});
  }
  // What the edit itself makes has to be understood too.
  bool understood = std::all_of(unjudged.begin(), unjudged.end(), [&](auto &primitive) {
    return change.original(primitive.madeAt).has_value();
  });
  return missing.empty() && understood;
}

} // namespace

bool isRepaired(const Outcome &before, const Outcome &after, const std::set<size_t> &repaired,
                const EditedText &change) {
  return hasNoNewDefect(before, after, repaired, change) && isAsWellJudged(before, after, change);
}

} // namespace sluice::checker::checks
