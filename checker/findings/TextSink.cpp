// Writes findings as text, in the shape of compiler diagnostics.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/TextSink.h"

#include "findings/CheckGlobs.h"

#include "llvm/Support/Format.h"

#include <algorithm>

namespace sluice::checker::findings {
namespace {

/// Blanks as wide as `text` before the caret; tabs stay, so that both lines shift alike.
std::string indentUnder(llvm::StringRef text) {
  std::string blanks;
  for (char c : text)
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80)
      blanks += c == '\t' ? '\t' : ' ';
  return blanks;
}

std::string underline(const skeleton::Span &span, llvm::StringRef line) {
  uint32_t end = span.endLine == span.line ? span.endColumn : 0;
  if (span.endLine > span.line)
    end = static_cast<uint32_t>(line.size()) + 1;
  end = std::min(end, static_cast<uint32_t>(line.size()) + 1);
  uint32_t from = characterColumn(line, span.column);
  uint32_t to = end > span.column ? characterColumn(line, end) : from + 1;
  return "^" + std::string(to - from - 1, '~');
}

} // namespace

void TextSink::paint(llvm::raw_ostream::Colors chosen, bool bold) {
  if (colour)
    out.changeColor(chosen, bold);
}

void TextSink::plain() {
  if (colour)
    out.resetColor();
}

void TextSink::writeHead(const Place &at, llvm::StringRef kind, llvm::raw_ostream::Colors chosen) {
  paint(llvm::raw_ostream::SAVEDCOLOR, true);
  if (at.valid())
    out << at.path << ':' << at.span.line << ':' << at.span.column << ": ";
  else
    out << "sluice: ";
  paint(chosen, true);
  out << kind << ": ";
  plain();
}

void TextSink::writeExcerpt(const Place &at) {
  llvm::StringRef line = sources.line(at.path, at.span.line);
  if (line.trim().empty() || at.span.column == 0 || at.span.column > line.size() + 1)
    return;
  out << llvm::format("%5u | ", at.span.line) << line << '\n';
  out << "      | " << indentUnder(line.take_front(at.span.column - 1));
  paint(llvm::raw_ostream::GREEN, true);
  out << underline(at.span, line);
  plain();
  out << '\n';
}

void TextSink::writeFinding(const Finding &finding) {
  bool style = finding.severity == Severity::Style;
  writeHead(finding.at, name(finding.severity),
            style ? llvm::raw_ostream::CYAN : llvm::raw_ostream::MAGENTA);
  paint(llvm::raw_ostream::SAVEDCOLOR, true);
  out << finding.message;
  plain();
  out << " [" << checkPrefix << finding.check << "]\n";
  writeExcerpt(finding.at);
  for (const Note &note : finding.notes) {
    writeHead(note.at.valid() ? note.at : finding.at, "note", llvm::raw_ostream::BLACK);
    if (note.number)
      out << note.number << ". ";
    out << note.text << '\n';
  }
  for (const Fix &fix : finding.fixes) {
    writeHead(fix.edits.empty() ? finding.at : fix.edits.front().range, "note",
              llvm::raw_ostream::BLACK);
    out << "fix: " << fix.description << (fix.proved ? " [proved]\n" : "\n");
  }
}

void TextSink::write(const Report &report) {
  for (const Finding &finding : report.findings)
    writeFinding(finding);
  for (const UnusedMarker &marker : report.unused) {
    writeHead(marker.at, "note", llvm::raw_ostream::BLACK);
    out << "'" << marker.text << "' silences nothing: " << marker.why << '\n';
  }
  out.flush();
}

} // namespace sluice::checker::findings
