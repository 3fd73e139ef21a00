// Places as short text: bare function names and paths relative to where the user stands.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "report/text.hpp"

#include <climits>
#include <unistd.h>

namespace sluice::report {

/// Where the parameter list of the outermost function starts, or the end. `operator()` keeps its
/// own brackets.
static std::size_t parameters(const std::string &s) {
  int depth = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '<')
      ++depth;
    else if (s[i] == '>' && depth)
      --depth;
    else if (s[i] == '(' && !depth && s.compare(i, 11, "(anonymous ") != 0)
      return i;
  }
  return s.size();
}

std::string bare_function(const std::string &pretty) {
  std::string head = pretty.substr(0, parameters(pretty));
  int depth = 0;
  std::size_t begin = head.size();
  while (begin > 0) {
    char c = head[begin - 1];
    depth += c == '>' || c == ')';
    depth -= c == '<' || c == '(';
    if (depth <= 0 && (c == ' ' || c == '*' || c == '&' || c == ':'))
      break;
    --begin;
  }
  return head.substr(begin);
}

/// The working directory with a slash at its end; empty when it is not known.
static std::string here() {
  char buffer[PATH_MAX];
  return getcwd(buffer, sizeof buffer) ? std::string(buffer) + "/" : std::string();
}

std::string to_text(const place &p) {
  if (p.file.empty())
    return shortened_function(p.function);
  std::string base = here();
  std::string file = p.file;
  if (base.size() > 1 && file.compare(0, base.size(), base) == 0)
    file.erase(0, base.size());
  if (p.line)
    return file + ":" + std::to_string(p.line);
  return p.function.empty() || p.function == "??"
             ? file
             : shortened_function(p.function) + " (" + file + ")";
}

} // namespace sluice::report
