// Hands the guides out by turns and keeps which were seen.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/GuidedSearch.h"

#include "hosts/standalone/Flags.h"
#include "hosts/standalone/ProgramRun.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdint>
#include <utility>

namespace sluice::checker::standalone {

llvm::Expected<GuidedSearch> GuidedSearch::create(std::vector<Guide> guides,
                                                  ProgramRunner &runner) {
  GuidedSearch search;
  for (Guide &guide : guides) {
    llvm::Expected<std::string> steps = runner.keep(guide.steps);
    if (!steps)
      return mistake("cannot keep a guide: " + llvm::toString(steps.takeError()));
    search.sought.push_back({std::move(guide), std::move(*steps), std::nullopt});
  }
  return search;
}

std::optional<std::string> GuidedSearch::optionsOf(size_t index) const {
  if (sought.empty() || index % 2 == 1)
    return std::nullopt;
  return "explore=guided:guide=" + sought[index / 2 % sought.size()].steps;
}

void GuidedSearch::ran(size_t index, const RunOutcome &outcome) {
  followed = followed || outcome.guidedSteps != 0;
  for (Sought &one : sought)
    if (one.guide.isSeenIn(outcome) && index < one.seenIn.value_or(SIZE_MAX))
      one.seenIn = index;
}

void GuidedSearch::sumUp(llvm::StringRef file) const {
  if (sought.empty())
    return;
  const auto seen = llvm::count_if(sought, [](const Sought &s) { return s.seenIn.has_value(); });
  llvm::outs() << "sluice: " << seen << " of " << sought.size() << " findings of '" << file
               << "' seen";
  if (!followed)
    llvm::outs() << "; no run came to a step of theirs: the program has no debug information "
                    "('-g') or other sources";
  llvm::outs() << '\n';
  for (const Sought &one : sought) {
    llvm::outs() << "  " << one.guide.file << ':' << one.guide.firstLine << ": "
                 << one.guide.message;
    if (one.seenIn)
      llvm::outs() << ": first in run " << *one.seenIn + 1 << '\n';
    else
      llvm::outs() << ": not seen\n";
  }
}

} // namespace sluice::checker::standalone
