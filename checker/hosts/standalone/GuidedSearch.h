// Looks for findings of a checker by running.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "hosts/standalone/Guides.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace sluice::checker::standalone {

class ProgramRunner;
struct RunOutcome;

/// Every other run goes the way of one finding's witness, so that what the checker does not know is
/// searched as well.
class GuidedSearch {
public:
  /// Without guides it guides nothing.
  static llvm::Expected<GuidedSearch> create(std::vector<Guide> guides, ProgramRunner &runner);

  /// For SLUICE_OPTIONS, but for the seed; nothing if this run is not guided.
  std::optional<std::string> optionsOf(size_t index) const;
  /// What a run came to.
  void ran(size_t index, const RunOutcome &outcome);
  /// Prints which findings of `file` were seen; nothing if there are none.
  void sumUp(llvm::StringRef file) const;

private:
  GuidedSearch() = default;

  struct Sought {
    Guide guide;
    std::string steps; ///< a file
    std::optional<size_t> seenIn;
  };
  std::vector<Sought> sought;
  bool followed = false; ///< a run came to some step
};

} // namespace sluice::checker::standalone
