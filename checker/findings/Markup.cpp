// Escapes HTML.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/Markup.h"

#include "llvm/Support/JSON.h"

namespace sluice::checker::findings {
namespace {

constexpr llvm::StringLiteral replacement = "\xEF\xBF\xBD"; // U+FFFD

void append(std::string &html, char c) {
  switch (c) {
  case '&':
    html += "&amp;";
    return;
  case '<':
    html += "&lt;";
    return;
  case '>':
    html += "&gt;";
    return;
  case '"':
    html += "&quot;";
    return;
  case '\'':
    html += "&#39;";
    return;
  default:
    bool control = (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n') || c == 0x7f;
    if (control)
      html += replacement;
    else
      html += c;
  }
}

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

} // namespace

std::string escaped(llvm::StringRef text) {
  std::string fixed = llvm::json::isUTF8(text) ? text.str() : llvm::json::fixUTF8(text);
  std::string html;
  html.reserve(fixed.size());
  for (char c : fixed)
    append(html, c);
  return html;
}

std::string shortened(llvm::StringRef text, size_t length) {
  size_t characters = 0, cut = 0;
  for (size_t byte = 0; byte < text.size(); ++byte) {
    if (continues(text[byte]))
      continue;
    if (++characters == length)
      cut = byte;
  }
  return characters <= length ? text.str() : (text.take_front(cut) + "…").str();
}

} // namespace sluice::checker::findings
