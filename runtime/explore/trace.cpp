// What a run did step by step.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "explore/trace.hpp"

namespace sluice::explore {

void trace::begin_word() {
  constexpr std::size_t longest = 4 << 20;
  if (words.size() > longest)
    too_long = true;
  if (too_long)
    words.clear();
  else if (!words.empty())
    words += ' ';
}

void trace::add_step(std::span<const core::candidate> those, std::size_t way) {
  begin_word();
  has_object = false;
  if (too_long)
    return;
  words += (those[way].resumes ? "=" : "") + std::to_string(those[way].id);
  if (those.size() < 2)
    return;
  words += those.front().present ? ":p" : ":";
  for (std::size_t i = 0; i < those.size(); ++i)
    words += (i == 0 ? "" : ",") + std::to_string(those[i].id);
}

void trace::add_case(std::uint32_t n) {
  begin_word();
  if (!too_long)
    words += "?" + std::to_string(n);
}

void trace::add_firing() {
  begin_word();
  if (!too_long)
    words += "t";
}

void trace::add_object(const void *on) {
  if (too_long)
    return;
  const auto key = ~reinterpret_cast<std::uintptr_t>(on);
  words += has_object ? ',' : '@';
  words += on ? std::to_string(numbers.try_emplace(key, numbers.size()).first->second) : "*";
  has_object = true;
}

} // namespace sluice::explore
