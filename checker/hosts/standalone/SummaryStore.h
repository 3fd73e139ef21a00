// Keeps the summaries of units from run to run, by the content of what they were made from.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "hosts/standalone/SourceDigest.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace sluice::checker::standalone {

/// A folder with two files for each key: what was kept, and a list of the files that were read for
/// it with their digests. Whatever cannot be read there counts as not kept.
class SummaryStore {
public:
  /// Makes the folder if there is none.
  static llvm::Expected<SummaryStore> open(llvm::StringRef folder);
  /// A folder that goes with the store.
  static llvm::Expected<SummaryStore> temporary();
  SummaryStore(SummaryStore &&other) noexcept;
  ~SummaryStore();

  /// What is kept under `key`, if no file that it was made from has changed; else nothing.
  std::optional<std::string> find(llvm::StringRef key);

  /// Keeps `content`, which was made from `files`. Errors say what could not be written.
  llvm::Error keep(llvm::StringRef key, llvm::StringRef content, llvm::ArrayRef<ReadFile> files);

  /// The file of what is kept under `key`.
  std::string pathOf(llvm::StringRef key) const;

private:
  SummaryStore(std::string folder, bool passing) : folder(std::move(folder)), passing(passing) {}
  std::string listOf(llvm::StringRef key) const;
  bool isUnchanged(llvm::StringRef line);

  std::string folder; ///< empty: moved from
  bool passing;
  FileDigests digests;
};

} // namespace sluice::checker::standalone
