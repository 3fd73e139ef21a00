// Merges edits and rewrites files.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/FixApplier.h"

#include "findings/OutputFile.h"

#include <map>
#include <optional>

namespace sluice::checker::standalone {
namespace {

using findings::Edit;
using findings::Fix;
using findings::SourceText;

struct Change {
  size_t begin = 0;
  size_t end = 0;
  std::string text;
  bool operator==(const Change &) const = default;
};

/// Changes of one file by where they begin; they never overlap.
using FileChanges = std::map<size_t, Change>;

std::optional<Change> changeOf(const Edit &edit, SourceText &sources) {
  const skeleton::Span &span = edit.range.span;
  auto begin = sources.offset(edit.range.path, span.line, span.column);
  auto end = sources.offset(edit.range.path, span.endLine, span.endColumn);
  if (!begin || !end || *end < *begin)
    return std::nullopt;
  return Change{*begin, *end, edit.text};
}

bool collides(const FileChanges &changes, const Change &change) {
  for (const auto &[begin, other] : changes) {
    bool apart = change.end < other.begin || other.end < change.begin;
    bool touching = change.begin != change.end && other.begin != other.end &&
                    (change.end == other.begin || other.end == change.begin);
    if (!apart && !touching && !(change == other))
      return true;
  }
  return false;
}

bool accept(const Fix &fix, SourceText &sources, std::map<std::string, FileChanges> &files) {
  std::vector<std::pair<std::string, Change>> wanted;
  for (const Edit &edit : fix.edits) {
    auto change = changeOf(edit, sources);
    if (!change || collides(files[edit.range.path], *change))
      return false;
    wanted.emplace_back(edit.range.path, std::move(*change));
  }
  for (auto &[path, change] : wanted)
    files[path].insert_or_assign(change.begin, change);
  return true;
}

std::string rewritten(llvm::StringRef text, const FileChanges &changes) {
  std::string result;
  size_t at = 0;
  for (const auto &[begin, change] : changes) {
    result += text.slice(at, begin);
    result += change.text;
    at = change.end;
  }
  return result + text.drop_front(at).str();
}

} // namespace

llvm::Expected<AppliedFixes> applyFixes(const std::vector<findings::Finding> &findings,
                                        SourceText &sources) {
  AppliedFixes result;
  std::map<std::string, FileChanges> files;
  for (const findings::Finding &finding : findings)
    if (!finding.fixes.empty())
      ++(accept(finding.fixes.front(), sources, files) ? result.applied : result.skipped);
  for (const auto &[path, changes] : files) {
    if (changes.empty())
      continue;
    std::string text = rewritten(sources.text(path), changes);
    if (llvm::Error error = findings::writeFile(path, [&](llvm::raw_ostream &out) { out << text; }))
      return error;
    ++result.files;
  }
  return result;
}

} // namespace sluice::checker::standalone
