// Comments in the source that silence findings: NOLINT and its family.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "findings/Sink.h"
#include "findings/SourceText.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"

#include <optional>
#include <vector>

namespace sluice::checker::findings {

/// The comments of all files that findings point into, and which of them silence something.
class Suppressions {
public:
  /// `sources` is not owned.
  explicit Suppressions(SourceText &sources) : sources(sources) {}

  /// Whether NOLINT on the finding's line, NOLINTNEXTLINE above it, or a NOLINTBEGIN that has not
  /// ended covers the finding. Only its main place counts, as in clang-tidy.
  bool covers(const Finding &finding);

  /// What is known of a check that a comment names.
  enum class Standing : uint8_t { Ran, DidNotRun, NoSuchCheck };

  /// The comments of `path` that name a check of ours, as `sluice-…`, and silenced none of the
  /// findings that covers() was asked about. Patterns, and checks that did not run, are left out.
  std::vector<UnusedMarker> unused(llvm::StringRef path,
                                   llvm::function_ref<Standing(llvm::StringRef id)> standing);

private:
  struct Item {
    std::string pattern;
    bool used = false;
  };
  /// One comment, and the lines it covers.
  struct Marker {
    Place at;
    llvm::StringRef word;
    std::optional<llvm::StringRef> list; ///< nothing: every check
    std::vector<Item> items;
    uint32_t firstLine = 1, lastLine = 0;
  };

  std::vector<Marker> &markersOf(llvm::StringRef path);
  std::vector<Marker> readMarkers(llvm::StringRef path);
  static bool takes(Marker &marker, llvm::StringRef check);

  SourceText &sources;
  llvm::StringMap<std::vector<Marker>> byFile;
};

} // namespace sluice::checker::findings
