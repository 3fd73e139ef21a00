// The text form of schedules.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "explore/schedule.hpp"

#include <algorithm>
#include <charconv>

namespace sluice::explore {
namespace {

constexpr std::size_t longest = 100'000'000; // places; more is a mistake in the text

/// Reads a number that ends at `stop` or at the end of the text, and takes both away.
template <class N> std::optional<N> number(std::string_view &text, char stop) {
  N n{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc())
    return {};
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (!text.empty() && text.front() != stop)
    return {};
  if (!text.empty())
    text.remove_prefix(1);
  return n;
}

} // namespace

std::string schedule::text() const {
  std::string out;
  std::size_t from = 0;
  for (std::size_t i = 0; i < decisions.size(); ++i) {
    if (decisions[i] == 0)
      continue;
    out += (out.empty() ? "" : "-") + std::to_string(i - from) + "." + std::to_string(decisions[i]);
    from = i;
  }
  return out.empty() ? "0" : out;
}

std::optional<schedule> schedule::parse(std::string_view text) {
  schedule s;
  if (text == "0")
    return s;
  std::size_t place = 0;
  do {
    const auto distance = number<std::size_t>(text, '.');
    if (!distance || *distance > longest || text.empty())
      return {};
    const auto decision = number<std::uint32_t>(text, '-');
    if (!decision)
      return {};
    place += *distance;
    if (place >= longest)
      return {};
    s.decisions.resize(std::max(s.decisions.size(), place + 1));
    s.decisions[place] = *decision;
  } while (!text.empty());
  return s;
}

} // namespace sluice::explore
