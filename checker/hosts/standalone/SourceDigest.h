// Tells whether files have changed in a way that matters.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>

namespace sluice::checker::standalone {

/// 32 hexadecimal digits: of equal texts equal ones.
std::string digestOf(llvm::StringRef text);

/// The digest of a source without the comments that end a line, or fill lines: what they say does
/// not matter, only how many lines they take.
std::string digestWithoutComments(llvm::StringRef source);

/// A file that was read, as it was then.
struct ReadFile {
  std::string path;  ///< absolute
  std::string bytes; ///< digest
  std::string code;  ///< digest without comments; "-" of files that are not the user's
};

/// The digests of files, each read once.
class FileDigests {
public:
  /// Of the bytes; empty if the file cannot be read.
  const std::string &bytes(llvm::StringRef path);
  /// Without comments; empty if the file cannot be read.
  const std::string &code(llvm::StringRef path);

private:
  struct Digests {
    std::optional<std::string> bytes, code;
  };
  llvm::StringMap<Digests> known;
};

} // namespace sluice::checker::standalone
