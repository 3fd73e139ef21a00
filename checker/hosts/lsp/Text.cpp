// Converts between bytes and UTF-16 code units, and between paths and URIs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/lsp/Text.h"

#include "findings/Uri.h"

#include <algorithm>

namespace sluice::checker::lsp {
namespace {

/// How long a character, or several, are in UTF-8 and in UTF-16.
struct Character {
  size_t bytes = 1;
  uint32_t units = 1;
};

/// A byte that begins no character counts as one unit.
Character characterAt(llvm::StringRef line, size_t at) {
  auto byte = static_cast<unsigned char>(line[at]);
  Character c;
  if (byte >= 0xF0)
    c = {4, 2};
  else if (byte >= 0xE0)
    c = {3, 1};
  else if (byte >= 0xC0)
    c = {2, 1};
  c.bytes = std::min(c.bytes, line.size() - at);
  return c;
}

/// Goes on to byte `mostBytes` or code unit `mostUnits`, whichever comes first.
Character advance(llvm::StringRef line, size_t mostBytes, uint32_t mostUnits) {
  Character all{0, 0};
  while (all.bytes < std::min(mostBytes, line.size()) && all.units < mostUnits) {
    Character c = characterAt(line, all.bytes);
    all.bytes += c.bytes;
    all.units += c.units;
  }
  return all;
}

} // namespace

uint32_t unitsBefore(llvm::StringRef line, size_t column) {
  return advance(line, column, UINT32_MAX).units;
}

size_t byteOf(llvm::StringRef line, uint32_t character) {
  return advance(line, line.size(), character).bytes;
}

size_t offsetOf(llvm::StringRef text, Position at) {
  size_t begin = 0;
  for (uint32_t line = 0; line < at.line; ++line) {
    size_t end = text.find('\n', begin);
    if (end == llvm::StringRef::npos)
      return text.size();
    begin = end + 1;
  }
  llvm::StringRef line = text.substr(begin).split('\n').first;
  return begin + byteOf(line.rtrim('\r'), at.character);
}

Range rangeOf(const findings::Place &at, findings::SourceText &sources) {
  const skeleton::Span &span = at.span;
  auto position = [&](uint32_t line, uint32_t column) {
    uint32_t number = line ? line - 1 : 0;
    return Position{number, unitsBefore(sources.line(at.path, line), column ? column - 1 : 0)};
  };
  Range range{position(span.line, span.column), position(span.endLine, span.endColumn)};
  range.end = std::max(range.start, range.end);
  return range;
}

llvm::json::Value toJson(Position at) {
  return llvm::json::Object{{"line", at.line}, {"character", at.character}};
}

llvm::json::Value toJson(const Range &range) {
  return llvm::json::Object{{"start", toJson(range.start)}, {"end", toJson(range.end)}};
}

std::optional<Position> positionFrom(const llvm::json::Value *value) {
  const llvm::json::Object *object = value ? value->getAsObject() : nullptr;
  if (!object)
    return std::nullopt;
  auto line = object->getInteger("line"), character = object->getInteger("character");
  if (!line || !character || *line < 0 || *character < 0)
    return std::nullopt;
  return Position{static_cast<uint32_t>(*line), static_cast<uint32_t>(*character)};
}

std::optional<Range> rangeFrom(const llvm::json::Value *value) {
  const llvm::json::Object *object = value ? value->getAsObject() : nullptr;
  if (!object)
    return std::nullopt;
  auto start = positionFrom(object->get("start")), end = positionFrom(object->get("end"));
  if (!start || !end)
    return std::nullopt;
  return Range{*start, std::max(*start, *end)};
}

std::optional<std::string> pathOf(llvm::StringRef uri) {
  if (!uri.consume_front("file://"))
    return std::nullopt;
  uri.consume_front("localhost");
  std::string path = findings::decodePath(uri);
  if (path.empty() || path.front() != '/')
    return std::nullopt;
  return path;
}

std::string uriOf(llvm::StringRef path) { return "file://" + findings::encodePath(path); }

} // namespace sluice::checker::lsp
