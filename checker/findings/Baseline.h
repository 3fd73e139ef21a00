// A file of findings that are known, so that only new ones are reported.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "findings/Finding.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <map>
#include <string>
#include <vector>

namespace sluice::checker::findings {

/// Findings by their fingerprints, which do not hold line numbers. Equal findings on equal lines
/// of a file have fingerprints that count them, so one more of them is new.
class Baseline {
public:
  /// Reads what write() wrote. The errors name the file.
  static llvm::Expected<Baseline> read(const std::string &path);

  /// Whether the baseline has the finding; it is then not gone.
  bool has(const Finding &finding);

  void add(const Finding &finding);

  /// What the baseline says of a finding besides its fingerprint, for those who read the file.
  struct Entry {
    std::string check;
    std::string file;
    std::string message;
    bool met = false; ///< in this run
  };
  const std::map<std::string, Entry> &entries() const { return byFingerprint; }

  /// Drops the entries that were not met and of which `wasLookedAt` holds; says how many.
  uint32_t dropGone(llvm::function_ref<bool(const Entry &)> wasLookedAt);

  /// Writes JSON with an entry a line, sorted by file, check and message.
  llvm::Error write(const std::string &path) const;

private:
  std::map<std::string, Entry> byFingerprint;
};

} // namespace sluice::checker::findings
