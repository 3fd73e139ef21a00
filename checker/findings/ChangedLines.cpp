// Reads the headers of a unified diff.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/ChangedLines.h"

#include "llvm/ADT/StringExtras.h"

#include <algorithm>
#include <limits>

namespace sluice::checker::findings {
namespace {

/// Takes up to three octal digits.
char takeOctal(llvm::StringRef &rest) {
  llvm::StringRef digits =
      rest.take_front(3).take_while([](char c) { return c >= '0' && c < '8'; });
  unsigned byte = 0;
  digits.getAsInteger(8, byte);
  rest = rest.drop_front(digits.size());
  return static_cast<char>(byte);
}

char takeEscape(llvm::StringRef &rest) {
  if (rest.front() >= '0' && rest.front() < '8')
    return takeOctal(rest);
  char letter = rest.front();
  rest = rest.drop_front();
  constexpr llvm::StringLiteral letters = "abtnvfr", meant = "\a\b\t\n\v\f\r";
  size_t known = letters.find(letter);
  return known == llvm::StringRef::npos ? letter : meant[known];
}

/// Git puts a name in quotes, as C would, if it holds quotes, backslashes or control characters.
std::string unquoted(llvm::StringRef name) {
  if (!name.consume_front("\""))
    return name.rtrim('\t').str();
  std::string text;
  while (!name.empty() && name.front() != '"') {
    char c = name.front();
    name = name.drop_front();
    text += c == '\\' && !name.empty() ? takeEscape(name) : c;
  }
  return text;
}

/// The lines that one side of a hunk covers.
struct Side {
  uint32_t start = 0, count = 1;
};

/// "12,3" or "12"; nothing if it is neither.
std::optional<Side> readSide(llvm::StringRef text) {
  auto [start, count] = text.split(',');
  Side side;
  if (start.getAsInteger(10, side.start) || (!count.empty() && count.getAsInteger(10, side.count)))
    return std::nullopt;
  return side;
}

} // namespace

void ChangedLines::addHunk(llvm::StringRef header, llvm::StringRef path) {
  auto side = readSide(header.split('+').second.take_until([](char c) { return c == ' '; }));
  if (!side)
    return;
  // Without lines of its own, the place is the one after which something was taken away.
  uint32_t last = side->count ? side->start + side->count - 1 : side->start + 1;
  byFile[path].push_back({side->start, last});
}

void ChangedLines::addPatch(llvm::StringRef patch, llvm::StringRef root) {
  std::string path;
  bool inHeader = false; // a line of the text may begin like a header
  while (!patch.empty()) {
    llvm::StringRef line;
    std::tie(line, patch) = patch.split('\n');
    if (line.starts_with("diff --git "))
      inHeader = true;
    else if (inHeader && line.consume_front("+++ ")) {
      std::string name = unquoted(line);
      llvm::StringRef below = name;
      path = below.consume_front("b/") ? (root + "/" + below).str() : "";
    } else if (line.starts_with("@@ ") && !path.empty()) {
      inHeader = false;
      addHunk(line, path);
    }
  }
}

void ChangedLines::addFile(llvm::StringRef path) {
  byFile[path].push_back({1, std::numeric_limits<uint32_t>::max()});
}

bool ChangedLines::touches(llvm::StringRef path, const skeleton::Span &span) const {
  auto file = byFile.find(path);
  if (file == byFile.end())
    return false;
  uint32_t last = std::max(span.line, span.endLine);
  return std::any_of(file->second.begin(), file->second.end(), [&](const auto &range) {
    return range.first <= last && span.line <= range.second;
  });
}

} // namespace sluice::checker::findings
