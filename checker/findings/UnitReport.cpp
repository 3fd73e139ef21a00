// Turns unit reports into JSON and back.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/UnitReport.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

// The overloads are static in the namespaces of the types: the JSON library looks for them there,
// and would not find them in an unnamed namespace.
namespace sluice::checker::skeleton {

static llvm::json::Value toJSON(const Span &span) {
  return llvm::json::Array{span.line, span.column, span.endLine, span.endColumn};
}

static bool fromJSON(const llvm::json::Value &value, Span &span, llvm::json::Path path) {
  std::vector<int64_t> numbers;
  if (!llvm::json::fromJSON(value, numbers, path) || numbers.size() != 4)
    return false;
  auto at = [&](size_t index) { return static_cast<uint32_t>(numbers[index]); };
  span = {0, at(0), at(1), at(2), at(3)};
  return true;
}

} // namespace sluice::checker::skeleton

namespace sluice::checker::findings {

using llvm::json::Object;
using llvm::json::ObjectMapper;
using llvm::json::Path;
using llvm::json::Value;

template <typename T> static std::vector<Value> list(const std::vector<T> &values);

/// Source text may hold bytes that are not UTF-8; JSON may not.
static std::string clean(const std::string &text) { return llvm::json::fixUTF8(text); }

static std::vector<Value> cleanLines(const std::vector<std::string> &lines) {
  std::vector<Value> array;
  for (const std::string &line : lines)
    array.push_back(clean(line));
  return array;
}

/// The JSON library reads signed numbers only.
static bool mapCount(ObjectMapper &map, llvm::StringLiteral key, uint32_t &count) {
  int64_t number = 0;
  bool read = map.map(key, number);
  count = static_cast<uint32_t>(number);
  return read;
}

static Value toJSON(const Place &place) {
  return Object{{"path", clean(place.path)}, {"span", skeleton::toJSON(place.span)}};
}
static Value toJSON(const Note &note) {
  return Object{{"at", toJSON(note.at)}, {"text", clean(note.text)}, {"number", note.number}};
}
static Value toJSON(const FlowStep &step) {
  return Object{{"at", toJSON(step.at)}, {"text", clean(step.text)}, {"order", step.order}};
}
static Value toJSON(const Flow &flow) {
  return Object{{"task", clean(flow.task)}, {"steps", list(flow.steps)}, {"blocked", flow.blocked}};
}
static Value toJSON(const Arrow &arrow) {
  return Object{{"from", arrow.from}, {"to", arrow.to}, {"what", arrow.what}};
}
static Value toJSON(const Edit &edit) {
  return Object{{"range", toJSON(edit.range)}, {"text", clean(edit.text)}};
}
static Value toJSON(const Fix &fix) {
  return Object{
      {"description", clean(fix.description)}, {"proved", fix.proved}, {"edits", list(fix.edits)}};
}
static Value toJSON(const Finding &finding) {
  return Object{{"check", finding.check},       {"style", finding.severity == Severity::Style},
                {"definite", finding.definite}, {"message", clean(finding.message)},
                {"at", toJSON(finding.at)},     {"notes", list(finding.notes)},
                {"flows", list(finding.flows)}, {"arrows", list(finding.arrows)},
                {"fixes", list(finding.fixes)}, {"scope", clean(finding.scope)},
                {"about", list(finding.about)}};
}
static Value toJSON(const JudgedPrimitive &primitive) {
  return Object{{"madeAt", toJSON(primitive.madeAt)},
                {"noun", primitive.noun},
                {"judgement", static_cast<int>(primitive.judgement)},
                {"why", clean(primitive.why)},
                {"title", clean(primitive.title)},
                {"account", cleanLines(primitive.account)},
                {"reached", primitive.reached}};
}

template <typename T> static std::vector<Value> list(const std::vector<T> &values) {
  std::vector<Value> array;
  for (const T &value : values)
    array.push_back(toJSON(value));
  return array;
}

static bool fromJSON(const Value &value, Place &place, Path path) {
  ObjectMapper map(value, path);
  return map && map.map("path", place.path) && map.map("span", place.span);
}
static bool fromJSON(const Value &value, Note &note, Path path) {
  ObjectMapper map(value, path);
  return map && map.map("at", note.at) && map.map("text", note.text) &&
         mapCount(map, "number", note.number);
}
static bool fromJSON(const Value &value, FlowStep &step, Path path) {
  ObjectMapper map(value, path);
  return map && map.map("at", step.at) && map.map("text", step.text) &&
         mapCount(map, "order", step.order);
}
static bool fromJSON(const Value &value, Flow &flow, Path path) {
  ObjectMapper map(value, path);
  return map && map.map("task", flow.task) && map.map("steps", flow.steps) &&
         map.map("blocked", flow.blocked);
}
static bool fromJSON(const Value &value, Arrow &arrow, Path path) {
  ObjectMapper map(value, path);
  return map && mapCount(map, "from", arrow.from) && mapCount(map, "to", arrow.to) &&
         map.map("what", arrow.what);
}
static bool fromJSON(const Value &value, Edit &edit, Path path) {
  ObjectMapper map(value, path);
  return map && map.map("range", edit.range) && map.map("text", edit.text);
}
static bool fromJSON(const Value &value, Fix &fix, Path path) {
  ObjectMapper map(value, path);
  return map && map.map("description", fix.description) && map.map("proved", fix.proved) &&
         map.map("edits", fix.edits);
}
static bool fromJSON(const Value &value, Finding &finding, Path path) {
  ObjectMapper map(value, path);
  bool style = false;
  bool whole = map && map.map("check", finding.check) && map.map("style", style) &&
               map.map("definite", finding.definite) && map.map("message", finding.message) &&
               map.map("at", finding.at) && map.map("notes", finding.notes) &&
               map.map("flows", finding.flows) && map.map("arrows", finding.arrows) &&
               map.map("fixes", finding.fixes) && map.map("scope", finding.scope) &&
               map.map("about", finding.about);
  finding.severity = style ? Severity::Style : Severity::Warning;
  return whole;
}
static bool fromJSON(const Value &value, JudgedPrimitive &primitive, Path path) {
  ObjectMapper map(value, path);
  int judgement = 0;
  bool whole = map && map.map("madeAt", primitive.madeAt) && map.map("noun", primitive.noun) &&
               map.map("judgement", judgement) && map.map("why", primitive.why) &&
               map.map("title", primitive.title) && map.map("account", primitive.account) &&
               map.map("reached", primitive.reached);
  primitive.judgement = static_cast<Judgement>(judgement);
  return whole;
}

std::string encode(const UnitReport &report) {
  Value value =
      Object{{"findings", list(report.findings)},   {"primitives", list(report.primitives)},
             {"errors", cleanLines(report.errors)}, {"misdeclared", cleanLines(report.misdeclared)},
             {"skeleton", clean(report.skeleton)},  {"explored", cleanLines(report.explored)}};
  std::string text;
  llvm::raw_string_ostream(text) << value;
  return text;
}

std::optional<UnitReport> decode(llvm::StringRef text) {
  llvm::Expected<Value> value = llvm::json::parse(text);
  if (!value) {
    llvm::consumeError(value.takeError());
    return std::nullopt;
  }
  UnitReport report;
  Path::Root root;
  ObjectMapper map(*value, root);
  if (map && map.map("findings", report.findings) && map.map("primitives", report.primitives) &&
      map.map("errors", report.errors) && map.map("misdeclared", report.misdeclared) &&
      map.map("skeleton", report.skeleton) && map.map("explored", report.explored))
    return report;
  return std::nullopt;
}

} // namespace sluice::checker::findings
