// What flags of all commands have in common.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/Flags.h"

namespace sluice::checker::standalone {

WrittenFlag takeApart(llvm::StringRef argument) {
  if (argument.starts_with("--")) {
    auto [name, value] = argument.split('=');
    return {name, argument.contains('=') ? std::optional(value) : std::nullopt};
  }
  if ((argument.starts_with("-j") || argument.starts_with("-p")) && argument.size() > 2)
    return {argument.take_front(2), argument.drop_front(2)};
  return {argument, std::nullopt};
}

std::string suggestion(llvm::StringRef word, llvm::ArrayRef<llvm::StringRef> candidates) {
  llvm::StringRef nearest;
  unsigned best = static_cast<unsigned>(word.size()) / 3 + 2;
  for (llvm::StringRef candidate : candidates) {
    unsigned distance = word.edit_distance(candidate, /*AllowReplacements=*/true, best);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest.empty() ? "" : ("; did you mean '" + nearest + "'?").str();
}

} // namespace sluice::checker::standalone
