// The form of a summary in a file.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Three lines, then the code: the version, the digest of all that follows, the settings and the
// report as JSON.
#include "checks/program/Summary.h"

#include "skeleton/Text.h"

#include "llvm/Support/JSON.h"

namespace sluice::checker::checks {

using llvm::StringRef;

namespace {

/// Changes with the form of summaries, and of what stands in them.
constexpr StringRef firstWords = "sluice summary 1, made by sluice ";

llvm::Error mistake(const llvm::Twine &text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text);
}

std::string settingsOf(const Summary &summary) {
  llvm::json::Array enabled;
  for (const std::string &check : summary.enabled)
    enabled.push_back(check);
  llvm::json::Object options;
  for (auto &[key, value] : summary.options.all())
    // Paths of model files have done their work, and may be absolute.
    if (!StringRef(key).ends_with(("." + modelFiles.name).str()))
      options[key] = llvm::json::fixUTF8(value);
  std::string text;
  llvm::raw_string_ostream(text) << llvm::json::Value(
      llvm::json::Object{{"unit", llvm::json::fixUTF8(summary.unit)},
                         {"enabled", std::move(enabled)},
                         {"options", std::move(options)}});
  return text;
}

bool readSettings(StringRef line, Summary &summary) {
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(line);
  if (!value) {
    llvm::consumeError(value.takeError());
    return false;
  }
  const llvm::json::Object *object = value->getAsObject();
  const llvm::json::Array *enabled = object ? object->getArray("enabled") : nullptr;
  const llvm::json::Object *options = object ? object->getObject("options") : nullptr;
  if (!enabled || !options)
    return false;
  summary.unit = object->getString("unit").value_or("").str();
  for (const llvm::json::Value &check : *enabled)
    summary.enabled.insert(check.getAsString().value_or("").str());
  for (const auto &[key, text] : *options)
    if (llvm::Error error = summary.options.set(key, text.getAsString().value_or(""))) {
      llvm::consumeError(std::move(error));
      return false;
    }
  return true;
}

StringRef nextLine(StringRef &text) {
  auto [line, rest] = text.split('\n');
  text = rest;
  return line;
}

} // namespace

std::string linkableText(const skeleton::Program &program, skeleton::Homes homes) {
  std::string text;
  llvm::raw_string_ostream out(text);
  skeleton::printOutline(skeleton::outlineOf(program, std::move(homes)), out);
  skeleton::printText(program, out);
  return text;
}

std::string encodeSummary(const Summary &summary, StringRef version) {
  findings::UnitReport report = summary.report;
  report.skeleton.clear();
  std::string rest = settingsOf(summary) + "\n" + findings::encode(report) + "\n" + summary.code;
  return (firstWords + version + "\n" + skeleton::hexOf(skeleton::digestOf(rest)) + "\n" + rest)
      .str();
}

llvm::Expected<Summary> decodeSummary(StringRef bytes, StringRef name, StringRef version,
                                      SummaryPart part) {
  StringRef first = nextLine(bytes);
  if (!first.starts_with("sluice summary "))
    return mistake("'" + name + "' is no summary; 'sluice extract' writes them");
  if (first != (firstWords + version).str())
    return mistake("'" + name + "' was made by another sluice ('" + first +
                   "'); let 'sluice extract' write it anew");
  StringRef digest = nextLine(bytes);
  Summary summary;
  bool whole = digest == skeleton::hexOf(skeleton::digestOf(bytes)) &&
               readSettings(nextLine(bytes), summary);
  std::optional<findings::UnitReport> report;
  StringRef line = nextLine(bytes);
  if (whole && part == SummaryPart::WithoutReport)
    report.emplace();
  else if (whole)
    report = findings::decode(line);
  if (!report)
    return mistake("'" + name + "' is damaged; let 'sluice extract' write it anew");
  summary.report = std::move(*report);
  summary.code = bytes.str();
  return summary;
}

} // namespace sluice::checker::checks
