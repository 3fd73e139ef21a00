// Words findings for editors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/lsp/Answers.h"

#include "checks/Catalogue.h"
#include "findings/CheckGlobs.h"
#include "findings/HtmlSink.h"
#include "findings/Summary.h"
#include "findings/WitnessPicture.h"

#include <algorithm>
#include <map>
#include <set>

namespace sluice::checker::lsp {
namespace {

using findings::Edit;
using findings::Finding;
using findings::Fix;
using findings::Flow;
using findings::FlowStep;
using findings::Place;
using llvm::json::Array;
using llvm::json::fixUTF8;
using llvm::json::Object;
using llvm::json::Value;

constexpr int warning = 2, information = 3; // DiagnosticSeverity

std::string codeOf(const Finding &finding) { return (findings::checkPrefix + finding.check).str(); }

Object locationOf(const Place &at, Judged &judged) {
  return Object{{"uri", uriOf(at.path)}, {"range", toJson(rangeOf(at, judged.sources))}};
}

Object textEdit(Range range, llvm::StringRef text) {
  return Object{{"range", toJson(range)}, {"newText", fixUTF8(text)}};
}

Object workspaceEdit(std::map<std::string, Array> byUri) {
  Object changes;
  for (auto &[uri, edits] : byUri)
    changes[uri] = std::move(edits);
  return Object{{"changes", std::move(changes)}};
}

Object action(llvm::StringRef title, const Finding &finding, Judged &judged, Object edit) {
  return Object{{"title", fixUTF8(title)},
                {"kind", "quickfix"},
                {"diagnostics", Array{diagnosticOf(finding, judged)}},
                {"edit", std::move(edit)}};
}

Object fixAction(const Fix &fix, const Finding &finding, Judged &judged) {
  std::map<std::string, Array> edits;
  for (const Edit &edit : fix.edits)
    edits[uriOf(edit.range.path)].push_back(
        textEdit(rangeOf(edit.range, judged.sources), edit.text));
  Object made = action(fix.description + (fix.proved ? " (proved)" : ""), finding, judged,
                       workspaceEdit(std::move(edits)));
  if (fix.proved)
    made["isPreferred"] = true;
  return made;
}

/// A comment on a line of its own above, for the reason to be filled in.
Object silenceAction(const Finding &finding, Judged &judged) {
  llvm::StringRef line = judged.sources.line(finding.at.path, finding.at.span.line);
  std::string text = line.take_until([](char c) { return c != ' ' && c != '\t'; }).str() +
                     "// NOLINTNEXTLINE(" + codeOf(finding) + "): say why this is right\n";
  Position at{finding.at.span.line - 1, 0};
  std::map<std::string, Array> edits;
  edits[uriOf(finding.at.path)].push_back(textEdit({at, at}, text));
  return action("Silence " + codeOf(finding) + " here, with a reason", finding, judged,
                workspaceEdit(std::move(edits)));
}

template <class F>
void forEachTouched(Judged &judged, llvm::StringRef path, llvm::ArrayRef<Range> ranges, F f) {
  for (const Finding &finding : judged.findings) {
    const Range own = rangeOf(finding.at, judged.sources);
    auto touches = [&](const Range &range) { return own.touches(range); };
    if (finding.at.path == path && llvm::any_of(ranges, touches))
      f(finding);
  }
}

const FlowStep *stepOf(const Finding &finding, uint32_t order) {
  for (const Flow &flow : finding.flows)
    for (const FlowStep &step : flow.steps)
      if (step.order == order)
        return &step;
  return nullptr;
}

/// The flow whose first step is `order`.
const Flow *flowFrom(const Finding &finding, uint32_t order) {
  for (const Flow &flow : finding.flows)
    if (!flow.steps.empty() && flow.steps.front().order == order)
      return &flow;
  return nullptr;
}

} // namespace

Value diagnosticOf(const Finding &finding, Judged &judged) {
  Array related;
  for (const findings::Note &note : finding.notes) {
    if (!note.at.valid())
      continue;
    std::string text = (note.number ? std::to_string(note.number) + ". " : "") + note.text;
    related.push_back(
        Object{{"location", locationOf(note.at, judged)}, {"message", fixUTF8(text)}});
  }
  Object diagnostic{
      {"range", toJson(rangeOf(finding.at, judged.sources))},
      {"severity", finding.severity == findings::Severity::Style ? information : warning},
      {"code", codeOf(finding)},
      {"source", "sluice"},
      {"message", fixUTF8(finding.message)}};
  if (!related.empty())
    diagnostic["relatedInformation"] = std::move(related);
  return diagnostic;
}

Value actionsFor(Judged &judged, llvm::StringRef path, llvm::ArrayRef<Range> ranges) {
  Array actions;
  forEachTouched(judged, path, ranges, [&](const Finding &finding) {
    for (const Fix &fix : finding.fixes)
      actions.push_back(fixAction(fix, finding, judged));
  });
  forEachTouched(judged, path, ranges, [&](const Finding &finding) {
    actions.push_back(silenceAction(finding, judged));
  });
  return actions;
}

Value hoverAt(Judged &judged, llvm::StringRef path, Position at) {
  Value hover = nullptr;
  forEachTouched(judged, path, Range{at, at}, [&](const Finding &finding) {
    const checks::CheckInfo *check = checks::findCheck(finding.check);
    if (!check || hover.getAsObject())
      return;
    std::string text = fixUTF8(finding.message) + "\n\n---\n" + checks::pageOf(*check).str();
    hover = Object{{"contents", Object{{"kind", "markdown"}, {"value", std::move(text)}}},
                   {"range", toJson(rangeOf(finding.at, judged.sources))}};
  });
  return hover;
}

Value lensesIn(Judged &judged, llvm::StringRef path) {
  struct Started {
    std::set<std::pair<std::string, Place>> tasks, stuck; ///< by name and first step
  };
  std::map<Place, Started> places;
  for (const Finding &finding : judged.findings)
    for (const findings::Arrow &arrow : finding.arrows) {
      const FlowStep *start = arrow.what == "start" ? stepOf(finding, arrow.from) : nullptr;
      const Flow *flow = start ? flowFrom(finding, arrow.to) : nullptr;
      if (!flow || !start->at.valid() || start->at.path != path)
        continue;
      Started &here = places[start->at];
      here.tasks.emplace(flow->task, flow->steps.front().at);
      if (flow->blocked)
        here.stuck.emplace(flow->task, flow->steps.front().at);
    }
  Array lenses;
  for (const auto &[at, started] : places)
    if (!started.stuck.empty()) {
      std::string title = "started here: " + findings::counted(started.tasks.size(), "task") +
                          ", " + std::to_string(started.stuck.size()) +
                          (started.stuck.size() == 1 ? " never finishes" : " never finish");
      lenses.push_back(Object{{"range", toJson(rangeOf(at, judged.sources))},
                              {"command", Object{{"title", title}, {"command", ""}}}});
    }
  return lenses;
}

Value witnessOf(const Finding &finding, Judged &judged) {
  Array steps;
  for (const findings::Row &row : findings::rowsOf(finding))
    steps.push_back(row.step->at.valid() ? Value(locationOf(row.step->at, judged)) : nullptr);
  std::string html;
  llvm::raw_string_ostream out(html);
  findings::HtmlSink(out, judged.sources, SLUICE_VERSION).witness(finding, "witness");
  return Object{{"code", codeOf(finding)},
                {"message", fixUTF8(finding.message)},
                {"location", locationOf(finding.at, judged)},
                {"steps", std::move(steps)},
                {"html", fixUTF8(html)}};
}

} // namespace sluice::checker::lsp
