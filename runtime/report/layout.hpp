// The lines of a text report: colour, and breaking where the terminal ends.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "report/text.hpp"

#include <string>

namespace sluice::report {

/// Collects the text; knows the style so that those who word it need not.
class layout {
public:
  explicit layout(const text_style &style) : style_(style) {}

  /// `==PID== sluice: words`, and an empty line.
  void headline(const std::string &words);
  /// The line that opens an entry: whom it is about, and what is said of it.
  void title(const std::string &name, const std::string &words);
  /// A line below it, indented.
  void line(const std::string &words);
  /// `label: words`, indented; nothing if there are no words.
  void labelled(const char *label, const std::string &words);
  /// A frame of a stack; a long one is not broken, since it may be clicked on.
  void frame(const std::string &words);
  void end_entry() { out_ += "\n"; }

  const text_style &style() const { return style_; }
  const std::string &text() const { return out_; }

private:
  std::string marked(const char *code, const std::string &words) const;
  void broken(const std::string &lead, std::size_t shown_lead, const std::string &words);

  const text_style &style_;
  std::string out_;
};

} // namespace sluice::report
