// Places in text as the protocol counts them: lines from 0, and UTF-16 code units from 0.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "findings/Finding.h"
#include "findings/SourceText.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"

#include <optional>
#include <string>

namespace sluice::checker::lsp {

struct Position {
  uint32_t line = 0;
  uint32_t character = 0;
  auto operator<=>(const Position &) const = default;
};

struct Range {
  Position start, end;
  bool touches(const Range &other) const { return start <= other.end && other.start <= end; }
};

/// How many UTF-16 code units stand before byte `column` (from 0) of a line.
uint32_t unitsBefore(llvm::StringRef line, size_t column);

/// The byte (from 0) at which the code unit `character` of a line stands; the end of the line if it
/// has fewer.
size_t byteOf(llvm::StringRef line, uint32_t character);

/// The offset of a position in a text; positions beyond it are its end, or that of their line.
size_t offsetOf(llvm::StringRef text, Position at);

/// A finding's place.
Range rangeOf(const findings::Place &at, findings::SourceText &sources);

llvm::json::Value toJson(Position at);
llvm::json::Value toJson(const Range &range);
std::optional<Position> positionFrom(const llvm::json::Value *value);
std::optional<Range> rangeFrom(const llvm::json::Value *value);

/// The path of a file's URI; nothing for other schemes.
std::optional<std::string> pathOf(llvm::StringRef uri);
std::string uriOf(llvm::StringRef path);

} // namespace sluice::checker::lsp
