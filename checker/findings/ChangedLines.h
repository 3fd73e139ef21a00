// Which lines of which files a patch changes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "findings/Finding.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"

#include <utility>
#include <vector>

namespace sluice::checker::findings {

/// Ranges of lines by file. Paths are compared as they are given.
class ChangedLines {
public:
  /// Takes the new side of a unified diff whose paths begin with "b/", as `git diff` writes it;
  /// `root` is put before them. Where lines were only taken away, their neighbours count.
  void addPatch(llvm::StringRef patch, llvm::StringRef root);

  /// Takes a whole file.
  void addFile(llvm::StringRef path);

  bool touches(llvm::StringRef path, const skeleton::Span &span) const;

private:
  void addHunk(llvm::StringRef header, llvm::StringRef path);

  llvm::StringMap<std::vector<std::pair<uint32_t, uint32_t>>> byFile; ///< first and last lines
};

} // namespace sluice::checker::findings
