// The lines of the files that findings point into, read once each.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "findings/Finding.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>
#include <optional>
#include <vector>

namespace sluice::checker::findings {

/// Gives lines and offsets of source files. A file that cannot be read has no lines.
class SourceText {
public:
  /// Line `number` (from 1) of `path` without its end of line; empty when there is none.
  llvm::StringRef line(llvm::StringRef path, uint32_t number);

  /// How many lines `path` has.
  uint32_t lineCount(llvm::StringRef path);

  /// The byte offset of a line and column (from 1, in bytes), if the file has that place.
  std::optional<size_t> offset(llvm::StringRef path, uint32_t line, uint32_t column);

  /// The whole text of `path`; empty when it cannot be read.
  llvm::StringRef text(llvm::StringRef path);

  /// Takes `text` as the content of `path` instead of reading the file.
  void overlay(llvm::StringRef path, llvm::StringRef text);

private:
  struct File {
    std::unique_ptr<llvm::MemoryBuffer> buffer;
    std::vector<llvm::StringRef> lines;
  };
  const File &file(llvm::StringRef path);

  llvm::StringMap<File> files;
};

/// How many characters (Unicode code points) stand before byte column `column` of `line`, plus one.
uint32_t characterColumn(llvm::StringRef line, uint32_t column);

} // namespace sluice::checker::findings
