// The lines of a text report: colour, and breaking where the terminal ends.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "report/layout.hpp"

#include <algorithm>

namespace sluice::report {

constexpr const char *red = "1;31", *bold = "1", *cyan = "36";
constexpr std::size_t narrowest = 40; // narrower terminals break lines better than we can

std::string layout::marked(const char *code, const std::string &words) const {
  return style_.colour ? "\x1b[" + std::string(code) + "m" + words + "\x1b[0m" : words;
}

/// Breaks `words` between words, and indents what follows by as much as `lead` takes.
void layout::broken(const std::string &lead, std::size_t shown_lead, const std::string &words) {
  out_ += lead;
  std::size_t column = shown_lead, begin = 0;
  while (begin < words.size()) {
    const std::size_t end = std::min(words.find(' ', begin + 1), words.size());
    const bool fits = style_.width < narrowest || column + (end - begin) <= style_.width;
    if (!fits && column > shown_lead) {
      out_ += "\n" + std::string(shown_lead, ' ');
      column = shown_lead;
      begin += words[begin] == ' ';
    }
    out_.append(words, begin, end - begin);
    column += end - begin;
    begin = end;
  }
  out_ += "\n";
}

void layout::headline(const std::string &words) {
  out_ += "==" + std::to_string(style_.pid) + "== sluice: " + marked(red, words) + "\n\n";
}

void layout::title(const std::string &name, const std::string &words) {
  out_ += marked(bold, name) + words + "\n";
}

void layout::line(const std::string &words) { broken("  ", 2, words); }

void layout::labelled(const char *label, const std::string &words) {
  if (words.empty())
    return;
  const std::string head = std::string(label) + ":";
  broken("  " + marked(cyan, head) + " ", head.size() + 3, words);
}

void layout::frame(const std::string &words) { out_ += "      " + words + "\n"; }

} // namespace sluice::report
