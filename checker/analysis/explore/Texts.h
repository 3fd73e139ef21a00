// Numbers the character strings that an exploration meets.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "llvm/ADT/StringMap.h"

#include <optional>
#include <string>
#include <vector>

namespace sluice::checker::analysis {

/// The strings of a program by their numbers there, then those that were put together, in the
/// order in which they were. Few and short, so that a loop that appends comes to an end.
class Texts {
public:
  explicit Texts(const std::vector<std::string> &ofProgram) : list(ofProgram) {
    for (uint32_t i = 0; i != list.size(); ++i)
      numbers.try_emplace(list[i], i);
  }

  const std::string &operator[](uint32_t number) const { return list[number]; }

  /// The number of a string; nothing if it is new and too long, or one too many.
  std::optional<uint32_t> find(const std::string &text) {
    if (auto known = numbers.find(text); known != numbers.end())
      return known->second;
    if (text.size() > Longest || list.size() >= Most)
      return std::nullopt;
    numbers[text] = uint32_t(list.size());
    list.push_back(text);
    return uint32_t(list.size() - 1);
  }

private:
  static constexpr size_t Longest = 64, Most = 1000;
  std::vector<std::string> list;
  llvm::StringMap<uint32_t> numbers;
};

} // namespace sluice::checker::analysis
