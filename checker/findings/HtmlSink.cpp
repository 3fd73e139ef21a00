// Writes the HTML report.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/HtmlSink.h"

#include "findings/CheckGlobs.h"
#include "findings/Markup.h"
#include "findings/ReportPage.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Base64.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/SHA256.h"

#include <algorithm>
#include <map>

namespace sluice::checker::findings {
namespace {

using llvm::formatv;
using llvm::StringRef;

/// How many lines stand before and after the marked one.
constexpr uint32_t context = 3;

std::string where(const Place &at) {
  return at.path + ":" + std::to_string(at.span.line) + ":" + std::to_string(at.span.column);
}

std::string idOf(size_t number) { return "finding-" + std::to_string(number); }

/// The content security policy's name for the script.
std::string hashOf(StringRef script) {
  auto bytes = llvm::arrayRefFromStringRef(script);
  return "sha256-" + llvm::encodeBase64(llvm::SHA256::hash(bytes));
}

} // namespace

void HtmlSink::bar(const Summary &summary) {
  struct Part {
    const char *kind;
    const char *words;
    uint32_t count;
  };
  const Part parts[] = {{"reported", "reported", summary.reported},
                        {"verified", "verified", summary.verified},
                        {"unjudged", "without verdict", summary.unjudged}};
  out << "<div class=\"bar\" aria-hidden=\"true\">";
  for (const Part &part : parts)
    if (part.count)
      out << formatv("<span class=\"{0}\" style=\"flex:{1}\"></span>", part.kind, part.count);
  out << "</div>\n<ul class=\"key\" aria-label=\"what became of the primitives\">";
  for (const Part &part : parts)
    out << formatv("<li class=\"{0}\">{1} {2}</li>", part.kind, part.count, part.words);
  out << formatv("<li>{0} % with a verdict</li></ul>\n", static_cast<unsigned>(summary.coverage()));
}

void HtmlSink::head(const Report &report) {
  out << formatv("<header>\n<h1>sluice: {0}</h1>\n<p class=\"summary\">{1}</p>\n",
                 findingCounts(report.summary), escaped(describe(report.summary)));
  bar(report.summary);
  out << "<p class=\"keys\"><kbd>j</kbd> <kbd>k</kbd> next and previous finding, "
         "<kbd>n</kbd> <kbd>p</kbd> its steps, <kbd>/</kbd> filter</p>\n</header>\n";
}

void HtmlSink::contents(const Report &report) {
  if (report.findings.empty())
    return;
  out << "<nav class=\"contents\" aria-label=\"findings\">\n<h2>Findings</h2>\n"
         "<div class=\"filter\" hidden><label for=\"filter\">Filter</label>"
         "<input id=\"filter\" type=\"search\" autocomplete=\"off\">"
         "<span id=\"filter-status\" role=\"status\"></span></div>\n<ol>\n";
  for (size_t number = 1; number <= report.findings.size(); ++number) {
    const Finding &each = report.findings[number - 1];
    out << formatv("<li><a href=\"#{0}\">{1}</a> <span class=\"where\">{2}</span></li>\n",
                   idOf(number), escaped(each.message), escaped(where(each.at)));
  }
  out << "</ol>\n</nav>\n";
}

void HtmlSink::meta(const Finding &finding) {
  out << formatv("<p class=\"meta\"><span class=\"tag{0}\">{1}</span>",
                 finding.severity == Severity::Style ? " style" : "", name(finding.severity));
  if (finding.severity != Severity::Style)
    out << formatv("<span class=\"tag{0}\">{1}</span>", finding.definite ? " definite" : "",
                   finding.definite ? "definite" : "possible");
  out << formatv("<code>{0}{1}</code><span class=\"where\">{2}</span></p>\n", checkPrefix,
                 escaped(finding.check), escaped(where(finding.at)));
}

/// The part of a line that the place covers is marked.
void HtmlSink::marked(StringRef line, const Place &at, uint32_t number) {
  const skeleton::Span &span = at.span;
  size_t from = number == span.line ? span.column - 1 : 0;
  size_t to = number == span.endLine ? span.endColumn - 1 : line.size();
  if (number < span.line || number > std::max(span.line, span.endLine) || from >= line.size()) {
    out << escaped(line);
    return;
  }
  to = std::clamp(to, from + 1, line.size());
  out << escaped(line.take_front(from)) << "<mark>" << escaped(line.slice(from, to)) << "</mark>"
      << escaped(line.drop_front(to));
}

void HtmlSink::row(const Place &at, uint32_t number) {
  bool here = at.span.line <= number && number <= std::max(at.span.line, at.span.endLine);
  out << formatv("<span class=\"row{0}\"><span class=\"number\">{1}</span>", here ? " here" : "",
                 number);
  marked(sources.line(at.path, number), at, number);
  out << "</span>";
}

void HtmlSink::excerpt(const Place &at) {
  uint32_t lines = at.valid() ? sources.lineCount(at.path) : 0;
  if (at.span.line > lines)
    return;
  uint32_t first = at.span.line > context ? at.span.line - context : 1;
  uint32_t last = std::min(lines, at.span.line + context);
  out << formatv("<pre class=\"source\" tabindex=\"0\" aria-label=\"{0}\"><code>",
                 escaped(at.path));
  for (uint32_t number = first; number <= last; ++number)
    row(at, number);
  out << "</code></pre>\n";
}

void HtmlSink::step(const Row &row, const std::string &id) {
  const FlowStep &step = *row.step;
  out << formatv("<li class=\"step{0}\" tabindex=\"-1\" data-row=\"{1}-row-{2}\">"
                 "<span class=\"number\">{2}.</span> <span class=\"text\">{3}</span>"
                 "<span class=\"line\">",
                 row.blocked ? " end" : "", id, step.order, escaped(step.text));
  if (step.at.valid()) {
    StringRef line = sources.line(step.at.path, step.at.span.line);
    StringRef file = StringRef(step.at.path).rsplit('/').second;
    out << formatv("<span class=\"where\" title=\"{0}\">{1}:{2}</span><code>",
                   escaped(where(step.at)), escaped(file.empty() ? StringRef(step.at.path) : file),
                   step.at.span.line);
    size_t indent = line.size() - line.ltrim().size();
    Place at = step.at;
    at.span.column -= std::min(at.span.column - 1, static_cast<uint32_t>(indent));
    at.span.endColumn -= std::min(at.span.endColumn - 1, static_cast<uint32_t>(indent));
    marked(line.ltrim(), at, at.span.line);
    out << "</code>";
  }
  out << "</span></li>\n";
}

void HtmlSink::path(const Finding &finding, const std::string &id) {
  std::vector<Row> rows = rowsOf(finding);
  if (rows.empty())
    return;
  out << "<h3>How it happens</h3>\n<div class=\"witness\" tabindex=\"0\" role=\"group\" "
         "aria-label=\"the path, step by step\">\n";
  drawWitness(finding, rows, id, out);
  out << "<ol class=\"steps\">\n";
  for (const Row &row : rows)
    step(row, id);
  out << "</ol>\n</div>\n";
}

/// Where there are steps, numbered notes say the same again.
void HtmlSink::notes(const Finding &finding) {
  auto isShown = [&](const Note &note) { return finding.flows.empty() || note.number == 0; };
  if (std::none_of(finding.notes.begin(), finding.notes.end(), isShown))
    return;
  out << "<ul class=\"notes\">\n";
  for (const Note &note : finding.notes) {
    if (!isShown(note))
      continue;
    out << "<li>" << escaped(note.text);
    if (note.at.valid())
      out << " <span class=\"where\">" << escaped(where(note.at)) << "</span>";
    out << "</li>\n";
  }
  out << "</ul>\n";
}

void HtmlSink::witness(const Finding &finding, const std::string &id) {
  path(finding, id);
  notes(finding);
}

void HtmlSink::fix(const Fix &fix) {
  out << formatv("<div class=\"fix\">{0}{1}\n", escaped(fix.description),
                 fix.proved ? " <span class=\"tag proved\">proved</span>" : "");
  out << "<pre class=\"source\" tabindex=\"0\" aria-label=\"the edits\"><code>";
  for (const Edit &edit : fix.edits) {
    const skeleton::Span &span = edit.range.span;
    auto from = sources.offset(edit.range.path, span.line, span.column);
    auto to = sources.offset(edit.range.path, span.endLine, span.endColumn);
    StringRef text = sources.text(edit.range.path);
    out << formatv("<span class=\"row\">{0}</span>", escaped(where(edit.range)));
    if (from && to && *from < *to)
      out << formatv("<span class=\"row removed\">- {0}</span>", escaped(text.slice(*from, *to)));
    if (!edit.text.empty())
      out << formatv("<span class=\"row added\">+ {0}</span>", escaped(edit.text));
  }
  out << "</code></pre></div>\n";
}

void HtmlSink::finding(const Finding &finding, size_t number) {
  std::string id = idOf(number);
  out << formatv("<article class=\"finding\" id=\"{0}\" tabindex=\"-1\" "
                 "aria-labelledby=\"{0}-title\">\n"
                 "<h2 id=\"{0}-title\"><a href=\"#{0}\">{1}. {2}</a></h2>\n",
                 id, number, escaped(finding.message));
  meta(finding);
  excerpt(finding.at);
  witness(finding, id);
  if (!finding.fixes.empty())
    out << "<h3>How to repair it</h3>\n";
  for (const Fix &each : finding.fixes)
    fix(each);
  out << formatv("<p class=\"fingerprint\">fingerprint {0}; <code>sluice explain {1}</code> tells "
                 "more</p>\n</article>\n",
                 finding.fingerprint, escaped(finding.check));
}

void HtmlSink::failures(const Report &report) {
  if (report.failures.empty())
    return;
  out << "<h3>Files</h3>\n<table><thead><tr><th scope=\"col\">file</th><th scope=\"col\">why</th>"
         "</tr></thead><tbody>\n";
  for (const Failure &failure : report.failures)
    out << formatv("<tr><td><span class=\"where\">{0}</span></td><td>{1}</td></tr>\n",
                   failure.path.empty() ? "all together" : escaped(failure.path),
                   escaped(failure.why));
  out << "</tbody></table>\n";
}

void HtmlSink::primitives(const Report &report) {
  std::map<std::string, std::vector<const JudgedPrimitive *>> byReason;
  for (const JudgedPrimitive &primitive : report.unjudged)
    byReason[primitive.why].push_back(&primitive);
  if (!byReason.empty())
    out << "<h3>Primitives without a verdict</h3>\n";
  for (const auto &[reason, list] : byReason) {
    out << formatv(
        "<details{0}><summary>{1} {2}</summary>\n<table><thead><tr>"
        "<th scope=\"col\">what</th><th scope=\"col\">made at</th></tr></thead><tbody>\n",
        list.size() <= 10 ? " open" : "", list.size(), escaped(reason));
    for (const JudgedPrimitive *each : list)
      out << formatv("<tr><td>{0}</td><td><span class=\"where\">{1}</span></td></tr>\n",
                     escaped(each->noun),
                     each->madeAt.valid() ? escaped(where(each->madeAt)) : "out of sight");
    out << "</tbody></table></details>\n";
  }
}

void HtmlSink::unjudged(const Report &report) {
  out << "<section class=\"rest\" aria-labelledby=\"not-judged\">\n"
         "<h2 id=\"not-judged\">What was not judged, and why</h2>\n";
  if (report.failures.empty() && report.unjudged.empty())
    out << "<p class=\"nothing\">Everything that was met got a verdict.</p>\n";
  failures(report);
  primitives(report);
  out << "</section>\n";
}

void HtmlSink::unused(const Report &report) {
  if (report.unused.empty())
    return;
  out << "<section class=\"rest\" aria-labelledby=\"unused\">\n"
         "<h2 id=\"unused\">Comments that silence nothing</h2>\n<ul class=\"notes\">\n";
  for (const UnusedMarker &marker : report.unused)
    out << formatv("<li><code>{0}</code>: {1} <span class=\"where\">{2}</span></li>\n",
                   escaped(marker.text), escaped(marker.why), escaped(where(marker.at)));
  out << "</ul>\n</section>\n";
}

void HtmlSink::body(const Report &report) {
  head(report);
  contents(report);
  out << "<main id=\"findings\" tabindex=\"-1\">\n";
  for (size_t number = 1; number <= report.findings.size(); ++number)
    finding(report.findings[number - 1], number);
  unjudged(report);
  unused(report);
  out << "</main>\n";
}

void HtmlSink::write(const Report &report) {
  ReportPage page = reportPage();
  StringRef rest = page.frame;
  while (!rest.empty()) {
    auto [before, after] = rest.split("{{");
    StringRef place;
    std::tie(place, rest) = after.split("}}");
    out << before;
    if (place == "title")
      out << "sluice: " << findingCounts(report.summary);
    else if (place == "version")
      out << escaped(version);
    else if (place == "hash")
      out << hashOf(page.script);
    else if (place == "style")
      out << page.style;
    else if (place == "script")
      out << page.script;
    else if (place == "body")
      body(report);
  }
  out.flush();
}

} // namespace sluice::checker::findings
