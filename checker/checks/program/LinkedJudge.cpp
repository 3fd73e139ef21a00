// Joins what the plans ask for and judges it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/program/LinkedJudge.h"

#include "checks/UnitJudge.h"
#include "skeleton/Join.h"
#include "skeleton/Text.h"

#include <deque>
#include <map>

namespace sluice::checker::checks {

using findings::UnitReport;
using llvm::StringRef;

namespace {

llvm::Error inUnit(const std::string &unit, llvm::Error error) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                 "the summary of '" + unit +
                                     "' cannot be linked: " + llvm::toString(std::move(error)));
}

/// The units of a link, and the settings of each.
class Linker {
public:
  Linker(LoadSummary load, const LinkOptions &options, LinkMemory *memory)
      : load(load), options(options), memory(memory) {}
  llvm::Error read(size_t units);
  llvm::Error judge();
  LinkResult result;

private:
  void add(const Summary &summary);
  llvm::Expected<const std::string *> codeOf(uint32_t unit);
  llvm::Expected<skeleton::Program> read(uint32_t unit,
                                         const std::set<skeleton::FunctionId> &needed);
  llvm::Error judge(const skeleton::LinkPlan &plan);
  UnitReport judge(const skeleton::LinkPlan &plan, const skeleton::JoinedProgram &joined) const;
  std::string keyOf(const skeleton::LinkPlan &plan, const skeleton::JoinedProgram &joined) const;
  void take(UnitReport report);

  LoadSummary load;
  const LinkOptions &options;
  LinkMemory *memory;
  std::vector<skeleton::Outline> outlines;
  std::vector<size_t> outlineSizes; ///< in bytes, at the front of a unit's code
  std::optional<skeleton::NameHomes> homes;
  std::vector<std::string> names;
  std::map<std::string, unsigned> copies; ///< of a name: a file that is compiled twice is two units
  std::vector<std::set<std::string, std::less<>>> enabled;
  std::vector<std::function<bool(StringRef)>> isEnabled;
  std::vector<JudgeOptions> settings;
  std::deque<std::pair<uint32_t, std::string>> recent; ///< the code of those that were joined last
};

/// All that is kept of a unit while others are read.
llvm::Error Linker::read(size_t units) {
  enabled.reserve(units);
  isEnabled.reserve(units);
  for (size_t unit = 0; unit != units; ++unit) {
    llvm::Expected<Summary> summary = load(unit);
    if (!summary)
      return summary.takeError();
    StringRef text = summary->code;
    llvm::Expected<skeleton::Outline> outline = skeleton::readOutline(text);
    if (!outline)
      return inUnit(summary->unit, outline.takeError());
    outlines.push_back(std::move(*outline));
    outlineSizes.push_back(summary->code.size() - text.size());
    add(*summary);
  }
  return llvm::Error::success();
}

void Linker::add(const Summary &summary) {
  unsigned copy = copies[summary.unit]++;
  names.push_back(summary.unit + (copy ? "#" + std::to_string(copy + 1) : ""));
  const auto &ids = enabled.emplace_back(summary.enabled);
  const auto &asked = isEnabled.emplace_back([&ids](StringRef id) { return ids.count(id) != 0; });
  JudgeOptions own;
  own.onlyDefinite = options.onlyDefinite;
  own.account = options.account;
  own.enabled = asked;
  own.options = summary.options;
  settings.push_back(std::move(own));
}

/// The last few are kept: programs of the same units follow each other.
llvm::Expected<const std::string *> Linker::codeOf(uint32_t unit) {
  constexpr size_t most = 8;
  for (const auto &[known, code] : recent)
    if (known == unit)
      return &code;
  llvm::Expected<Summary> summary = load(unit);
  if (!summary)
    return summary.takeError();
  if (recent.size() == most)
    recent.pop_front();
  return &recent.emplace_back(unit, std::move(summary->code)).second;
}

llvm::Expected<skeleton::Program> Linker::read(uint32_t unit,
                                               const std::set<skeleton::FunctionId> &needed) {
  llvm::Expected<const std::string *> code = codeOf(unit);
  if (!code)
    return code.takeError();
  StringRef text = **code;
  llvm::Expected<skeleton::Program> program =
      skeleton::readText(text.substr(outlineSizes[unit]), names[unit], &needed);
  if (!program)
    return inUnit(names[unit], program.takeError());
  return program;
}

/// All that the verdict depends on: the code, from where it is judged, and how.
std::string Linker::keyOf(const skeleton::LinkPlan &plan,
                          const skeleton::JoinedProgram &joined) const {
  std::string text;
  llvm::raw_string_ostream out(text);
  skeleton::printText(joined.program, out);
  for (skeleton::FunctionId f : joined.widened)
    out << f << ' ';
  out << plan.orders << options.onlyDefinite << options.account << '\n';
  for (const auto &[unit, functions] : plan.needed) {
    for (const std::string &check : enabled[unit])
      out << check << ' ';
    for (const auto &[key, value] : settings[unit].options.all())
      out << key << '=' << value << ' ';
    out << functions.size() << '\n';
  }
  return skeleton::hexOf(skeleton::digestOf(text));
}

UnitReport Linker::judge(const skeleton::LinkPlan &plan,
                         const skeleton::JoinedProgram &joined) const {
  auto settingsOf = [&](skeleton::FunctionId f) -> const JudgeOptions & {
    return settings[joined.origins[f].unit];
  };
  JudgeOptions judging = settings[plan.needed.begin()->first];
  judging.settingsOf = settingsOf;
  judging.widened = &joined.widened;
  judging.orders = plan.orders;
  judging.units = static_cast<unsigned>(plan.needed.size());
  UnitReport report = judgeProgram(joined.program, judging);
  // What was never reached from a scope that spans units is for its own unit to tell of.
  llvm::erase_if(report.primitives,
                 [](const findings::JudgedPrimitive &each) { return !each.reached; });
  return report;
}

void Linker::take(UnitReport report) {
  auto append = [](auto &to, auto &from) {
    std::move(from.begin(), from.end(), std::back_inserter(to));
  };
  append(result.report.findings, report.findings);
  append(result.report.primitives, report.primitives);
  append(result.report.explored, report.explored);
}

llvm::Error Linker::judge(const skeleton::LinkPlan &plan) {
  auto joined = skeleton::join(plan, names, *homes,
                               [&](uint32_t unit, const std::set<skeleton::FunctionId> &needed) {
                                 return read(unit, needed);
                               });
  if (!joined)
    return joined.takeError();
  ++result.programs;
  std::string key = memory ? keyOf(plan, *joined) : std::string();
  if (memory)
    if (std::optional<std::string> known = memory->find(key))
      if (std::optional<UnitReport> report = findings::decode(*known)) {
        take(std::move(*report));
        return llvm::Error::success();
      }
  ++result.explored;
  UnitReport report = judge(plan, *joined);
  if (memory)
    memory->keep(key, findings::encode(report));
  take(std::move(report));
  return llvm::Error::success();
}

llvm::Error Linker::judge() {
  std::vector<skeleton::LinkPlan> plans = skeleton::planLink(outlines);
  homes.emplace(outlines);
  outlines.clear();
  for (const skeleton::LinkPlan &plan : plans)
    if (llvm::Error error = judge(plan))
      return error;
  return llvm::Error::success();
}

} // namespace

llvm::Expected<LinkResult> linkSummaries(size_t units, LoadSummary load, const LinkOptions &options,
                                         LinkMemory *memory) {
  Linker linker(load, options, memory);
  if (llvm::Error error = linker.read(units))
    return error;
  if (llvm::Error error = linker.judge())
    return error;
  return std::move(linker.result);
}

} // namespace sluice::checker::checks
