// Findings that the user has decided to live with.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "report/suppressions.hpp"

#include "report/text.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace sluice::report {
namespace {

constexpr finding_kind all_kinds[] = {finding_kind::leak, finding_kind::unfinished,
                                      finding_kind::deadlock, finding_kind::lock_order_cycle,
                                      finding_kind::misuse};

bool known_kind(const std::string &kind) {
  return kind == "*" || std::any_of(std::begin(all_kinds), std::end(all_kinds),
                                    [&](finding_kind k) { return kind == word(k); });
}

std::string kind_list() {
  std::string out;
  for (finding_kind k : all_kinds)
    out += std::string(word(k)) + ", ";
  return out + "*";
}

std::string trimmed(const std::string &s) {
  std::size_t begin = s.find_first_not_of(" \t\r");
  return begin == std::string::npos ? "" : s.substr(begin, s.find_last_not_of(" \t\r") + 1 - begin);
}

/// Whether the pieces of `pattern` between stars occur in `text`, in order.
bool occurs(const std::string &pattern, const std::string &text) {
  std::size_t from = 0, begin = 0;
  while (begin <= pattern.size()) {
    std::size_t end = std::min(pattern.find('*', begin), pattern.size());
    std::size_t found = text.find(pattern.substr(begin, end - begin), from);
    if (found == std::string::npos)
      return false;
    from = found + (end - begin);
    begin = end + 1;
  }
  return true;
}

bool occurs(const std::string &pattern, const place &p) {
  return p.known() &&
         (occurs(pattern, p.function) || occurs(pattern, to_text({p.file, p.line, ""})));
}

} // namespace

suppressions::rule suppressions::parse(const std::string &line, const std::string &at) {
  std::size_t colon = line.find(':');
  if (colon == std::string::npos)
    throw suppression_error(at + ": expected 'kind:pattern', got '" + line + "'");
  rule r{trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1))};
  if (!known_kind(r.kind))
    throw suppression_error(at + ": unknown kind '" + r.kind + "'; known: " + kind_list());
  if (r.pattern.empty())
    throw suppression_error(at + ": the pattern is empty");
  return r;
}

suppressions suppressions::read(const std::string &path) {
  std::ifstream in(path);
  if (!in)
    throw suppression_error(path + ": cannot be read: " + std::strerror(errno));
  suppressions result;
  std::string text;
  for (unsigned line = 1; std::getline(in, text); ++line) {
    text = trimmed(text);
    if (!text.empty() && text[0] != '#')
      result.rules_.push_back(parse(text, path + ":" + std::to_string(line)));
  }
  return result;
}

bool suppressions::cover(const finding &f, const task_entry &t) const {
  return std::any_of(rules_.begin(), rules_.end(), [&](const rule &r) {
    if (r.kind != "*" && r.kind != word(f.kind))
      return false;
    if (!f.places.empty() && occurs(r.pattern, f.places.front()))
      return true;
    if (occurs(r.pattern, t.name) || occurs(r.pattern, t.started_at) ||
        occurs(r.pattern, t.blocked_at))
      return true;
    return std::any_of(t.stack.begin(), t.stack.end(), [&](const frame &s) {
      return occurs(r.pattern, place{s.file, s.line, s.function});
    });
  });
}

bool suppressions::cover(const finding &f) const {
  return !f.tasks.empty() && std::all_of(f.tasks.begin(), f.tasks.end(),
                                         [&](const task_entry &t) { return cover(f, t); });
}

} // namespace sluice::report
