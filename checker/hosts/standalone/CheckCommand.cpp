// The order of work of one run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/CheckCommand.h"

#include "checks/Catalogue.h"
#include "findings/Fingerprint.h"
#include "findings/Suppression.h"
#include "hosts/standalone/Accounts.h"
#include "hosts/standalone/CheckSelection.h"
#include "hosts/standalone/FixApplier.h"
#include "hosts/standalone/Narrowing.h"
#include "hosts/standalone/Progress.h"
#include "hosts/standalone/ReportWriter.h"
#include "hosts/standalone/UnitModels.h"
#include "hosts/standalone/UnitParser.h"
#include "hosts/standalone/Workers.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"

#include <set>
#include <thread>

namespace sluice::checker::standalone {
namespace {

using findings::Report;
using findings::SourceText;
using findings::UnitReport;

/// The first few errors of a unit tell what is wrong; the rest are their consequences.
constexpr size_t shownErrors = 3;

/// Everything that one run holds.
class CheckRun {
public:
  CheckRun(const CheckArguments &arguments, UnitSettings settings, UnitModels models,
           CheckSelection selection, Narrowing narrowing, std::vector<UnitCommand> units)
      : arguments(arguments), settings(std::move(settings)), models(std::move(models)),
        selection(std::move(selection)), narrowing(std::move(narrowing)), units(std::move(units)),
        reports(this->units.size()) {}

  int run();

private:
  void judgeUnits();
  std::string work(size_t index);
  void take(size_t index, WorkerResult result);
  void printErrors();
  void printMisdeclared();
  Report gather();
  void gatherUnused(Report &report);
  bool wasLookedAt(const Narrowing::Entry &entry) const;
  int writeSkeletons();
  int explainVerdicts();
  int applyAllFixes(const Report &report);
  int status(const Report &report) const;

  const CheckArguments &arguments;
  UnitSettings settings;
  UnitModels models;
  CheckSelection selection;
  Narrowing narrowing;
  std::vector<UnitCommand> units;
  std::vector<UnitReport> reports;
  SourceText sources;
  findings::Suppressions suppressions{sources};
};

std::string CheckRun::work(size_t index) {
  const UnitCommand &unit = units[index];
  auto enabled = [&](llvm::StringRef id) { return selection.enabled(unit.file, id); };
  UnitSettings own = settings;
  own.options = selection.options(unit.file);
  return findings::encode(judgeCommand(unit, models.of(unit.file), own, enabled));
}

void CheckRun::take(size_t index, WorkerResult result) {
  std::optional<UnitReport> report;
  if (result.failure.empty())
    report = findings::decode(result.output);
  if (report) {
    reports[index] = std::move(*report);
    return;
  }
  std::string how = result.failure.empty() ? "gave no readable answer" : result.failure;
  reports[index].errors.push_back(units[index].shown + ": error: the checker " + how +
                                  " on this file; please report it");
}

void CheckRun::judgeUnits() {
  unsigned jobs = arguments.jobs ? arguments.jobs : std::thread::hardware_concurrency();
  Progress progress(units.size(), arguments.quiet);
  runWorkers(
      units.size(), {jobs ? jobs : 1, std::chrono::seconds(arguments.giveUpAfter)},
      [&](size_t index) { return work(index); },
      [&](size_t index, WorkerResult result) {
        take(index, std::move(result));
        progress.finished(units[index].shown);
      });
}

void CheckRun::printErrors() {
  for (size_t index = 0; index < units.size(); ++index) {
    const std::vector<std::string> &errors = reports[index].errors;
    if (errors.empty())
      continue;
    for (const std::string &error : llvm::ArrayRef(errors).take_front(shownErrors))
      llvm::errs() << error << '\n';
    if (errors.size() > shownErrors)
      llvm::errs() << "… and " << findings::counted(errors.size() - shownErrors, "more error")
                   << '\n';
    llvm::errs() << "sluice: '" << units[index].shown << "' was not judged\n";
  }
}

/// Each once, however many files meet the class.
void CheckRun::printMisdeclared() {
  std::set<std::string> lines;
  for (const UnitReport &report : reports)
    lines.insert(report.misdeclared.begin(), report.misdeclared.end());
  for (const std::string &line : lines)
    llvm::errs() << line << '\n';
}

Report CheckRun::gather() {
  Report report;
  std::vector<findings::JudgedPrimitive> primitives;
  std::set<std::string> files;
  for (size_t index = 0; index < units.size(); ++index) {
    UnitReport &unit = reports[index];
    files.insert(units[index].file);
    if (!unit.errors.empty())
      report.failures.push_back({units[index].shown, unit.errors.front()});
    for (findings::Finding &finding : unit.findings)
      if (!suppressions.covers(finding))
        report.findings.push_back(std::move(finding));
    primitives.insert(primitives.end(), unit.primitives.begin(), unit.primitives.end());
  }
  findings::sortAndFold(report.findings);
  findings::assignFingerprints(report.findings, sources);
  report.summary.files = static_cast<uint32_t>(files.size());
  report.summary.failedFiles = static_cast<uint32_t>(report.failures.size());
  report.summary.minCoverage = arguments.minCoverage;
  report.unjudged = findings::countPrimitives(report.summary, std::move(primitives));
  gatherUnused(report);
  return report;
}

/// A comment may stand for what another unit finds in the same file, so all of them count.
void CheckRun::gatherUnused(Report &report) {
  using Standing = findings::Suppressions::Standing;
  std::set<llvm::StringRef> done;
  for (size_t index = 0; index < units.size(); ++index) {
    const UnitCommand &unit = units[index];
    auto standing = [&](llvm::StringRef id) {
      const checks::CheckInfo *check = checks::findCheck(id);
      if (!check)
        return Standing::NoSuchCheck;
      bool ran = selection.enabled(unit.file, id) && !arguments.onlyDefinite;
      return ran ? Standing::Ran : Standing::DidNotRun;
    };
    if (unit.isSkeleton() || !reports[index].errors.empty() || !done.insert(unit.shown).second)
      continue;
    for (findings::UnusedMarker &marker : suppressions.unused(unit.shown, standing))
      report.unused.push_back(std::move(marker));
  }
  report.summary.unusedMarkers = static_cast<uint32_t>(report.unused.size());
}

/// Headers are known to be looked at only when everything was.
bool CheckRun::wasLookedAt(const Narrowing::Entry &entry) const {
  if (arguments.onlyDefinite)
    return false;
  bool all = arguments.files.empty();
  for (size_t index = 0; index < units.size(); ++index) {
    bool judged = reports[index].errors.empty();
    all &= judged;
    if (units[index].shown == entry.file)
      return judged && selection.enabled(units[index].file, entry.check);
  }
  return all && selection.enabled(units.front().file, entry.check);
}

int CheckRun::writeSkeletons() {
  auto writer = [&](llvm::raw_ostream &out) -> llvm::Error {
    for (const UnitReport &report : reports)
      out << report.skeleton;
    return llvm::Error::success();
  };
  std::string path = arguments.output.empty() ? "-" : arguments.output;
  if (llvm::Error error = llvm::writeToOutput(path, writer))
    return fail("cannot write '" + path + "': " + llvm::toString(std::move(error)));
  bool whole =
      llvm::all_of(reports, [](const UnitReport &report) { return report.errors.empty(); });
  return whole ? NothingFound : CouldNotJudge;
}

int CheckRun::explainVerdicts() {
  std::vector<Account> accounts = gatherAccounts(reports, *arguments.explainVerdict);
  for (const Account &account : accounts)
    llvm::outs() << account.text;
  bool judged = llvm::all_of(reports, [](const UnitReport &each) { return each.errors.empty(); });
  if (accounts.empty() && !arguments.explainVerdict->empty())
    return fail("no primitive is made at '" + *arguments.explainVerdict +
                "'; without a place, all are told");
  return judged ? NothingFound : CouldNotJudge;
}

int CheckRun::applyAllFixes(const Report &report) {
  auto applied = applyFixes(report.findings, sources);
  if (!applied)
    return fail("cannot apply fixes: " + llvm::toString(applied.takeError()));
  if (arguments.quiet)
    return NothingFound;
  std::string fixes =
      std::to_string(applied->applied) + (applied->applied == 1 ? " fix" : " fixes");
  llvm::errs() << "sluice: applied " << fixes << " in "
               << findings::counted(applied->files, "file");
  if (applied->skipped)
    llvm::errs() << "; " << applied->skipped << " overlap with them: run again";
  llvm::errs() << '\n';
  return NothingFound;
}

int CheckRun::status(const Report &report) const {
  if (!report.failures.empty())
    return CouldNotJudge;
  for (const findings::Finding &finding : report.findings)
    if (arguments.failOn && finding.severity >= *arguments.failOn)
      return FindingsFound;
  return report.summary.coversEnough() ? NothingFound : TooLittleJudged;
}

int CheckRun::run() {
  judgeUnits();
  printErrors();
  printMisdeclared();
  if (arguments.dumpSkeleton)
    return writeSkeletons();
  if (arguments.explainVerdict)
    return explainVerdicts();
  Report report = gather();
  auto lookedAt = [&](const Narrowing::Entry &entry) { return wasLookedAt(entry); };
  if (llvm::Error error = narrowing.apply(report, lookedAt))
    return fail(llvm::toString(std::move(error)));
  findings::countFindings(report.summary, report.findings);
  if (llvm::Error error = writeReport(report, arguments, sources))
    return fail(llvm::toString(std::move(error)));
  if (arguments.fix)
    if (int failed = applyAllFixes(report))
      return failed;
  return status(report);
}

/// Reads what is configured for each unit, so that a mistake there ends the run before it begins.
llvm::Error readConfigured(const std::vector<UnitCommand> &units, llvm::StringRef base,
                           CheckSelection &selection, UnitModels &models) {
  for (const UnitCommand &unit : units) {
    if (llvm::Error error = selection.read(unit.file, base))
      return error;
    if (llvm::Error error = models.read(unit.file, selection.options(unit.file)))
      return error;
  }
  return llvm::Error::success();
}

} // namespace

int fail(const llvm::Twine &message) {
  llvm::outs().flush();
  llvm::errs() << "sluice: error: " << message << '\n';
  return CouldNotJudge;
}

int runCheck(const CheckArguments &arguments, const std::string &resourceDir) {
  auto selection = CheckSelection::create(arguments);
  if (!selection)
    return fail(llvm::toString(selection.takeError()));
  llvm::SmallString<256> base;
  if (std::error_code error = llvm::sys::fs::current_path(base))
    return fail("cannot tell the current directory: " + error.message());
  for (const std::string *path : {&arguments.output, &arguments.writeBaseline})
    if (llvm::Error error = checkWritable(*path))
      return fail(llvm::toString(std::move(error)));
  auto units = findUnits(arguments, base.str().str());
  if (!units)
    return fail(llvm::toString(units.takeError()));
  auto narrowing = Narrowing::create(arguments, base.str().str());
  if (!narrowing)
    return fail(llvm::toString(narrowing.takeError()));
  UnitModels models(arguments.modelPaths);
  if (llvm::Error error = readConfigured(*units, base, *selection, models))
    return fail(llvm::toString(std::move(error)));
  UnitSettings settings{base.str().str(),
                        resourceDir,
                        {},
                        arguments.onlyDefinite,
                        arguments.dumpSkeleton,
                        arguments.explainVerdict.has_value(),
                        !arguments.noFixes};
  return CheckRun(arguments, std::move(settings), std::move(models), std::move(*selection),
                  std::move(*narrowing), std::move(*units))
      .run();
}

} // namespace sluice::checker::standalone
