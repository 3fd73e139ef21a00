// Writes SARIF 2.1.0.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Columns are counted in code points and the log says so. URIs are relative to %SRCROOT% without a
// value, so that the log is the same on every machine.
#include "findings/SarifSink.h"

#include "findings/CheckGlobs.h"
#include "findings/Uri.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Path.h"

namespace sluice::checker::findings {
namespace {

using llvm::json::Array;
using llvm::json::Object;

const char *level(Severity severity) { return severity == Severity::Style ? "note" : "warning"; }

/// Source text may hold bytes that are not UTF-8; JSON may not.
Object message(llvm::StringRef text) { return Object{{"text", llvm::json::fixUTF8(text)}}; }

Object artifact(llvm::StringRef path) {
  if (llvm::sys::path::is_absolute(path))
    return Object{{"uri", "file://" + encodePath(path)}};
  return Object{{"uri", encodePath(path)}, {"uriBaseId", "%SRCROOT%"}};
}

Object ruleObject(const Rule &rule) {
  Object configuration{{"level", level(rule.severity)}, {"enabled", rule.defaultOn}};
  return Object{{"id", (checkPrefix + rule.id).str()},
                {"shortDescription", message(rule.summary)},
                {"fullDescription", message(rule.summary)},
                {"properties", Object{{"tags", Array{"correctness", "concurrency"}}}},
                {"help", Object{{"text", rule.help}, {"markdown", rule.help}}},
                {"defaultConfiguration", std::move(configuration)}};
}

/// `physical` is empty where no file is to blame.
Object notification(const char *level, llvm::StringRef text, Object physical) {
  Object object{{"level", level}, {"message", message(text)}};
  if (!physical.empty())
    object["locations"] = Array{Object{{"physicalLocation", std::move(physical)}}};
  return object;
}

Object invocation(const Report &report) {
  Array notifications;
  for (const Failure &failure : report.failures) {
    Object place;
    if (!failure.path.empty())
      place["artifactLocation"] = artifact(failure.path);
    notifications.push_back(notification("error", failure.why, std::move(place)));
  }
  for (const UnusedMarker &marker : report.unused)
    notifications.push_back(
        notification("note", "'" + marker.text + "' silences nothing: " + marker.why,
                     Object{{"artifactLocation", artifact(marker.at.path)},
                            {"region", Object{{"startLine", marker.at.span.line}}}}));
  return Object{{"executionSuccessful", report.failures.empty()},
                {"toolExecutionNotifications", std::move(notifications)}};
}

/// Two tasks may be called the same, their ids may not.
std::string threadId(const std::string &task, std::map<std::string, unsigned> &seen) {
  unsigned before = seen[task]++;
  return before ? task + " (" + std::to_string(before + 1) + ")" : task;
}

Object counts(const Summary &summary) {
  return Object{{"files", summary.files},
                {"verified", summary.verified},
                {"reported", summary.reported},
                {"withoutVerdict", summary.unjudged}};
}

} // namespace

SarifSink::SarifSink(llvm::raw_ostream &out, SourceText &sources, std::vector<Rule> ruleList,
                     std::string version)
    : out(out), sources(sources), rules(std::move(ruleList)), version(std::move(version)) {
  for (size_t index = 0; index < rules.size(); ++index)
    ruleIndex[rules[index].id] = static_cast<int64_t>(index);
}

Object SarifSink::tool() const {
  Array list;
  for (const Rule &rule : rules)
    list.push_back(ruleObject(rule));
  return Object{{"driver", Object{{"name", "sluice"},
                                  {"version", version},
                                  {"semanticVersion", version},
                                  {"rules", std::move(list)}}}};
}

Object SarifSink::region(const Place &at) {
  const skeleton::Span &span = at.span;
  Object region{{"startLine", span.line},
                {"startColumn", characterColumn(sources.line(at.path, span.line), span.column)}};
  if (span.endLine < span.line || (span.endLine == span.line && span.endColumn < span.column))
    return region;
  region["endLine"] = span.endLine;
  region["endColumn"] = characterColumn(sources.line(at.path, span.endLine), span.endColumn);
  return region;
}

Object SarifSink::location(const Place &at) {
  Object physical{{"artifactLocation", artifact(at.path)}, {"region", region(at)}};
  return Object{{"physicalLocation", std::move(physical)}};
}

Array SarifSink::codeFlows(const Finding &finding) {
  Array threads;
  std::map<std::string, unsigned> seen;
  for (const Flow &flow : finding.flows) {
    Array steps;
    for (const FlowStep &step : flow.steps) {
      Object place = step.at.valid() ? location(step.at) : Object{};
      place["message"] = message(step.text);
      bool waits = flow.blocked && &step == &flow.steps.back();
      steps.push_back(Object{{"location", std::move(place)},
                             {"executionOrder", step.order},
                             {"importance", waits ? "essential" : "important"}});
    }
    threads.push_back(Object{{"id", threadId(flow.task, seen)}, {"locations", std::move(steps)}});
  }
  return Array{Object{{"threadFlows", std::move(threads)}}};
}

Array SarifSink::related(const Finding &finding) {
  Array list;
  for (const Note &note : finding.notes) {
    if (!note.at.valid())
      continue;
    Object place = location(note.at);
    place["id"] = static_cast<int64_t>(list.size() + 1);
    place["message"] = message(note.text);
    list.push_back(std::move(place));
  }
  return list;
}

Array SarifSink::fixes(const Finding &finding) {
  Array list;
  for (const Fix &fix : finding.fixes) {
    std::map<std::string, Array> byFile;
    for (const Edit &edit : fix.edits)
      byFile[edit.range.path].push_back(
          Object{{"deletedRegion", region(edit.range)}, {"insertedContent", message(edit.text)}});
    Array changes;
    for (auto &[path, edits] : byFile)
      changes.push_back(
          Object{{"artifactLocation", artifact(path)}, {"replacements", std::move(edits)}});
    list.push_back(
        Object{{"description", message(fix.description)}, {"artifactChanges", std::move(changes)}});
  }
  return list;
}

Object SarifSink::result(const Finding &finding) {
  Object result{{"ruleId", (checkPrefix + finding.check).str()},
                {"level", level(finding.severity)},
                {"message", message(finding.message)},
                {"locations", Array{location(finding.at)}},
                {"partialFingerprints", Object{{"sluice/v1", finding.fingerprint}}},
                {"properties", Object{{"certainty", finding.definite ? "definite" : "possible"}}}};
  if (auto known = ruleIndex.find(finding.check); known != ruleIndex.end())
    result["ruleIndex"] = known->second;
  if (!finding.flows.empty())
    result["codeFlows"] = codeFlows(finding);
  if (!finding.notes.empty())
    result["relatedLocations"] = related(finding);
  if (!finding.fixes.empty())
    result["fixes"] = fixes(finding);
  return result;
}

void SarifSink::write(const Report &report) {
  Array results;
  for (const Finding &finding : report.findings)
    results.push_back(result(finding));
  Object root{{"description", message("the directory in which sluice was run")}};
  Object run{{"tool", tool()},
             {"columnKind", "unicodeCodePoints"},
             {"originalUriBaseIds", Object{{"%SRCROOT%", std::move(root)}}},
             {"invocations", Array{invocation(report)}},
             {"results", std::move(results)},
             {"properties", counts(report.summary)}};
  llvm::json::Value log = Object{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                                 {"version", "2.1.0"},
                                 {"runs", Array{std::move(run)}}};
  out << llvm::formatv("{0:2}", log) << '\n';
  out.flush();
}

} // namespace sluice::checker::findings
