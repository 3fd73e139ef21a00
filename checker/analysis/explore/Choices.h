// The choices one attempt of a transition makes, so that all of them are tried in turn.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace sluice::checker::analysis {

/// A script of choices. An attempt asks `choose` in a fixed order; `next` moves on to the script
/// not yet tried, as an odometer does. Code that may go several ways so stays straight-line code.
class Choices {
public:
  /// A number below `count`. Chooses 0 wherever the script has not been yet.
  unsigned choose(unsigned count) { return take(count, false); }
  /// The same where what decides is inside and not tracked: a finding must hold for all of them.
  unsigned chooseOpaque(unsigned count) { return take(count, true); }
  /// The choices that came before the first opaque one; nothing if there was none. Attempts in
  /// turn that share them are the outcomes of one opaque choice.
  std::optional<std::vector<unsigned>> beforeOpaque() const {
    std::vector<unsigned> before;
    for (const Choice &choice : script) {
      if (choice.opaque)
        return before;
      before.push_back(choice.taken);
    }
    return std::nullopt;
  }
  /// How many choices the attempt has made so far.
  size_t made() const { return position; }
  /// Whether there was anything to choose.
  bool asked() const { return !script.empty(); }
  /// Starts the next attempt; false when all have been made.
  bool next() {
    position = 0;
    while (!script.empty() && script.back().taken + 1 == script.back().count)
      script.pop_back();
    if (script.empty())
      return false;
    ++script.back().taken;
    return true;
  }

private:
  struct Choice {
    unsigned taken;
    unsigned count;
    bool opaque;
  };
  unsigned take(unsigned count, bool opaque) {
    if (count <= 1)
      return 0;
    if (position == script.size())
      script.push_back({0, count, opaque});
    return script[position++].taken;
  }
  std::vector<Choice> script;
  size_t position = 0;
};

} // namespace sluice::checker::analysis
