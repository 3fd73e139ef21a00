// The text form of a guide.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "explore/guide.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace sluice::explore {
namespace {

std::optional<unsigned> number(std::string_view text) {
  unsigned value = 0;
  const char *end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && at == end && value > 0 ? std::optional(value) : std::nullopt;
}

/// `FILE:LINE` or `FILE:FIRST-LAST`; false: it is neither.
bool read_place(std::string_view text, guide_step &step) {
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos || colon == 0)
    return false;
  const std::string_view lines = text.substr(colon + 1);
  const std::size_t dash = lines.find('-');
  const auto first = number(lines.substr(0, dash));
  const auto last = dash == lines.npos ? first : number(lines.substr(dash + 1));
  if (!first || !last || *last < *first)
    return false;
  step.file = text.substr(0, colon);
  step.first_line = *first;
  step.last_line = *last;
  return true;
}

bool ends_with_path(std::string_view whole, std::string_view end) {
  return whole.ends_with(end) &&
         (whole.size() == end.size() || whole[whole.size() - end.size() - 1] == '/');
}

} // namespace

bool guide_step::is_at(const code_line &here) const {
  return here.line >= first_line && here.line <= last_line &&
         (ends_with_path(here.file, file) || ends_with_path(file, here.file));
}

guide guide::parse(std::string_view text, std::string &wrong) {
  guide result;
  std::vector<std::string_view> names;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (line.empty() || line.front() == '#')
      continue;
    const std::size_t blank = line.find(' ');
    guide_step step;
    if (blank == line.npos || blank == 0 || !read_place(line.substr(blank + 1), step)) {
      wrong = "line " + std::to_string(number) + " is no step: 'LANE FILE:LINE' is one";
      return result;
    }
    const auto at = std::find(names.begin(), names.end(), line.substr(0, blank));
    step.lane = static_cast<std::size_t>(at - names.begin());
    if (at == names.end())
      names.push_back(line.substr(0, blank));
    result.steps.push_back(std::move(step));
  }
  result.lanes = names.size();
  if (result.steps.empty())
    wrong = "it has no steps";
  return result;
}

} // namespace sluice::explore
