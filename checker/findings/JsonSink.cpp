// Writes findings as JSON whose keys stand in a fixed order.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/JsonSink.h"

#include "findings/WitnessPicture.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/JSON.h"

namespace sluice::checker::findings {
namespace {

/// Raised when a reader of the old form could misread the new one.
constexpr int formVersion = 1;

/// Writes the parts of a report into one stream.
class Writer {
public:
  explicit Writer(llvm::raw_ostream &out) : json(out, /*IndentSize=*/2) {}
  void write(const Report &report);

private:
  void text(llvm::StringRef key, llvm::StringRef value);
  void place(llvm::StringRef key, const Place &at);
  void finding(const Finding &finding);
  void task(const Flow &flow, size_t id);
  void steps(const Finding &finding);
  void arrow(const Arrow &arrow);
  void note(const Note &note);
  void fix(const Fix &fix);
  void edit(const Edit &edit);
  void primitive(const JudgedPrimitive &primitive);
  void marker(const UnusedMarker &marker);
  void summary(const Report &report);

  template <class Range, class Each> void list(llvm::StringRef key, const Range &range, Each each) {
    json.attributeArray(key, [&] {
      for (const auto &[index, item] : llvm::enumerate(range))
        json.object([&, &item = item, index = index] { each(item, index); });
    });
  }

  llvm::json::OStream json;
};

/// Source text may hold bytes that are not UTF-8; JSON may not.
void Writer::text(llvm::StringRef key, llvm::StringRef value) {
  json.attribute(key, llvm::json::isUTF8(value) ? value.str() : llvm::json::fixUTF8(value));
}

void Writer::place(llvm::StringRef key, const Place &at) {
  if (!at.valid()) {
    json.attribute(key, nullptr);
    return;
  }
  json.attributeObject(key, [&] {
    text("file", at.path);
    json.attribute("line", at.span.line);
    json.attribute("column", at.span.column);
    json.attribute("end_line", at.span.endLine);
    json.attribute("end_column", at.span.endColumn);
  });
}

void Writer::task(const Flow &flow, size_t id) {
  json.attribute("id", id + 1);
  text("name", flow.task);
  place("blocked_at", flow.blocked && !flow.steps.empty() ? flow.steps.back().at : Place());
}

void Writer::steps(const Finding &finding) {
  list("steps", rowsOf(finding), [&](const Row &each, size_t) {
    json.attribute("id", each.step->order);
    json.attribute("task", each.task + 1);
    place("at", each.step->at);
    text("text", each.step->text);
  });
}

void Writer::arrow(const Arrow &arrow) {
  json.attribute("from", arrow.from);
  json.attribute("to", arrow.to);
  json.attribute("kind", arrow.what);
}

void Writer::note(const Note &note) {
  place("at", note.at);
  text("text", note.text);
}

void Writer::edit(const Edit &edit) {
  place("at", edit.range);
  text("text", edit.text);
}

void Writer::fix(const Fix &fix) {
  text("description", fix.description);
  json.attribute("proved", fix.proved);
  list("edits", fix.edits, [&](const Edit &each, size_t) { edit(each); });
}

void Writer::finding(const Finding &finding) {
  text("check", finding.check);
  json.attribute("severity", name(finding.severity));
  json.attribute("certainty", finding.definite ? "definite" : "possible");
  text("message", finding.message);
  place("at", finding.at);
  text("fingerprint", finding.fingerprint);
  list("tasks", finding.flows, [&](const Flow &each, size_t id) { task(each, id); });
  steps(finding);
  list("arrows", finding.arrows, [&](const Arrow &each, size_t) { arrow(each); });
  // Where there are steps, numbered notes say the same again.
  auto isRemark = [&](const Note &each) { return finding.flows.empty() || each.number == 0; };
  list("notes", llvm::make_filter_range(finding.notes, isRemark),
       [&](const Note &each, size_t) { note(each); });
  list("fixes", finding.fixes, [&](const Fix &each, size_t) { fix(each); });
}

void Writer::primitive(const JudgedPrimitive &primitive) {
  text("kind", primitive.noun);
  place("made_at", primitive.madeAt);
  text("why", primitive.why);
}

void Writer::marker(const UnusedMarker &marker) {
  place("at", marker.at);
  text("text", marker.text);
  text("why", marker.why);
}

void Writer::summary(const Report &report) {
  const Summary &counts = report.summary;
  json.attribute("files", counts.files);
  json.attribute("files_not_judged", counts.failedFiles);
  json.attribute("warnings", counts.warnings);
  json.attribute("style_remarks", counts.styles);
  json.attributeObject("primitives", [&] {
    json.attribute("reported", counts.reported);
    json.attribute("verified", counts.verified);
    json.attribute("not_judged", counts.unjudged);
  });
  json.attributeObject("kinds", [&] {
    for (const auto &[noun, count] : counts.nouns)
      json.attribute(noun, count);
  });
  json.attributeObject("reasons", [&] {
    for (const auto &[reason, count] : counts.reasons)
      json.attribute(reason, count);
  });
  json.attribute("coverage", counts.coverage());
  json.attribute("in_baseline", counts.known);
  json.attribute("gone_from_baseline", counts.gone);
  json.attribute("untouched_by_diff", counts.elsewhere);
}

void Writer::write(const Report &report) {
  json.object([&] {
    json.attribute("version", formVersion);
    list("findings", report.findings, [&](const Finding &each, size_t) { finding(each); });
    json.attributeObject("not_judged", [&] {
      list("files", report.failures, [&](const Failure &each, size_t) {
        if (!each.path.empty())
          text("file", each.path);
        text("why", each.why);
      });
      list("primitives", report.unjudged,
           [&](const JudgedPrimitive &each, size_t) { primitive(each); });
    });
    list("unused_suppressions", report.unused,
         [&](const UnusedMarker &each, size_t) { marker(each); });
    json.attributeObject("summary", [&] { summary(report); });
  });
}

} // namespace

void JsonSink::write(const Report &report) {
  Writer(out).write(report);
  out << '\n';
  out.flush();
}

} // namespace sluice::checker::findings
