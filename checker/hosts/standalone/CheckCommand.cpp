// The order of work of one run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/CheckCommand.h"

#include "checks/Catalogue.h"
#include "findings/Fingerprint.h"
#include "findings/OutputFile.h"
#include "findings/Suppression.h"
#include "hosts/standalone/Accounts.h"
#include "hosts/standalone/CheckSelection.h"
#include "hosts/standalone/FixApplier.h"
#include "hosts/standalone/Narrowing.h"
#include "hosts/standalone/Progress.h"
#include "hosts/standalone/ReportWriter.h"
#include "hosts/standalone/UnitModels.h"
#include "hosts/standalone/UnitParser.h"
#include "hosts/standalone/WholeProgram.h"

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
           CheckSelection selection, Narrowing narrowing, std::vector<UnitCommand> units,
           std::optional<WholeProgram> program)
      : arguments(arguments), settings(std::move(settings)), models(std::move(models)),
        selection(std::move(selection)), narrowing(std::move(narrowing)), units(std::move(units)),
        program(std::move(program)), reports(this->units.size()) {}

  int run();
  /// Links the summaries in `paths`, which are given, one for each unit.
  int runLink(std::vector<checks::Summary> given, const std::vector<std::string> &paths);

private:
  int finish();
  WorkerLimits limits() const;
  UnitSettings settingsOf(const UnitCommand &unit) const;
  UnitKey keyOf(size_t index, const UnitSettings &settings) const;
  std::vector<size_t> findUnknown();
  void judgeUnits();
  checks::LinkOptions linking() const { return {arguments.onlyDefinite, settings.account}; }
  void linkUnits();
  void addLinked(checks::LinkResult linked, const std::string &failure);
  std::string work(size_t index);
  void take(size_t index, WorkerResult result);
  void printErrors();
  void printMisdeclared();
  Report gather();
  void gatherUnused(Report &report);
  bool sawWholeProgram() const;
  bool ranOn(size_t index, llvm::StringRef check) const;
  findings::Suppressions::Standing standingOf(size_t index, llvm::StringRef id) const;
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
  std::optional<WholeProgram> program; ///< nothing: there is nothing to link
  std::vector<UnitReport> reports;     ///< one a unit, then that of linking if there was any
  std::vector<std::string> failures;   ///< of what belongs to no unit
  /// Of a link: the checks that each unit was extracted with.
  std::optional<std::vector<std::set<std::string, std::less<>>>> linkedChecks;
  SourceText sources;
  findings::Suppressions suppressions{sources};
};

UnitSettings CheckRun::settingsOf(const UnitCommand &unit) const {
  UnitSettings own = settings;
  own.options = selection.options(unit.file);
  own.forLinking = program.has_value();
  return own;
}

UnitKey CheckRun::keyOf(size_t index, const UnitSettings &settings) const {
  const std::string &file = units[index].file;
  return {units[index], settings, models.of(file), models.digestOf(file),
          selection.enabledOn(file)};
}

std::string CheckRun::work(size_t index) {
  const UnitCommand &unit = units[index];
  UnitSettings own = settingsOf(unit);
  if (program)
    return findings::encode(program->judge(index, keyOf(index, own)));
  auto enabled = [&](llvm::StringRef id) { return selection.enabled(unit.file, id); };
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

WorkerLimits CheckRun::limits() const {
  unsigned jobs = arguments.jobs ? arguments.jobs : std::thread::hardware_concurrency();
  return {jobs ? jobs : 1, std::chrono::seconds(arguments.giveUpAfter)};
}

/// Takes the reports that are kept; gives the units that have to be judged.
std::vector<size_t> CheckRun::findUnknown() {
  std::vector<size_t> unknown;
  for (size_t index = 0; index < units.size(); ++index) {
    std::optional<UnitReport> kept;
    if (program) {
      program->name(index, keyOf(index, settingsOf(units[index])));
      kept = program->find(index);
    }
    if (kept)
      reports[index] = std::move(*kept);
    else
      unknown.push_back(index);
  }
  return unknown;
}

void CheckRun::judgeUnits() {
  std::vector<size_t> unknown = findUnknown();
  Progress progress(units.size(), arguments.quiet, units.size() - unknown.size());
  runWorkers(
      unknown.size(), limits(), [&](size_t number) { return work(unknown[number]); },
      [&](size_t number, WorkerResult result) {
        take(unknown[number], std::move(result));
        progress.finished(units[unknown[number]].shown);
      });
  if (arguments.verbose)
    llvm::errs() << "sluice: judged " << unknown.size() << " of "
                 << findings::counted(units.size(), "file") << " anew\n";
}

void CheckRun::linkUnits() {
  std::vector<size_t> judged;
  for (size_t index = 0; index < units.size(); ++index)
    if (reports[index].errors.empty())
      judged.push_back(index);
  std::string failure;
  addLinked(program->link(judged, linking(), limits(), failure), failure);
}

void CheckRun::addLinked(checks::LinkResult linked, const std::string &failure) {
  std::vector<std::string> names;
  for (const UnitCommand &unit : units)
    names.push_back(unit.shown);
  if (!failure.empty())
    failures.push_back(failure);
  reports.push_back(checks::weighLinked(reports, names, std::move(linked.report)));
  if (arguments.verbose)
    llvm::errs() << "sluice: judged " << linked.explored << " of "
                 << findings::counted(linked.programs, "joined part") << " anew\n";
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
  for (const std::string &failure : failures)
    llvm::errs() << "sluice: error: " << failure << '\n';
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
    files.insert(units[index].file);
    if (!reports[index].errors.empty())
      report.failures.push_back({units[index].shown, reports[index].errors.front()});
  }
  report.summary.failedFiles = static_cast<uint32_t>(report.failures.size());
  for (const std::string &failure : failures)
    report.failures.push_back({"", failure});
  for (UnitReport &unit : reports) {
    for (findings::Finding &finding : unit.findings)
      if (!suppressions.covers(finding))
        report.findings.push_back(std::move(finding));
    primitives.insert(primitives.end(), unit.primitives.begin(), unit.primitives.end());
  }
  findings::sortAndFold(report.findings);
  findings::assignFingerprints(report.findings, sources);
  report.summary.files = static_cast<uint32_t>(files.size());
  report.summary.minCoverage = arguments.minCoverage;
  report.unjudged = findings::countPrimitives(report.summary, std::move(primitives));
  gatherUnused(report);
  return report;
}

/// As far as one knows: files with flags of their own are in no database that could tell of others.
bool CheckRun::sawWholeProgram() const {
  bool all = arguments.files.empty() || arguments.flags || linkedChecks;
  return all && failures.empty() &&
         llvm::all_of(reports, [](const UnitReport &report) { return report.errors.empty(); });
}

/// Whether all that `check` has to say of a unit is known. A verdict may need the other units.
bool CheckRun::ranOn(size_t index, llvm::StringRef check) const {
  const checks::CheckInfo *info = checks::findCheck(check);
  if (!info || arguments.onlyDefinite || (info->message && !sawWholeProgram()))
    return false;
  return linkedChecks ? (*linkedChecks)[index].count(check) != 0
                      : selection.enabled(units[index].file, check);
}

findings::Suppressions::Standing CheckRun::standingOf(size_t index, llvm::StringRef id) const {
  using Standing = findings::Suppressions::Standing;
  if (!checks::findCheck(id))
    return Standing::NoSuchCheck;
  return ranOn(index, id) ? Standing::Ran : Standing::DidNotRun;
}

/// A comment may stand for what another unit finds in the same file, so all of them count.
void CheckRun::gatherUnused(Report &report) {
  std::set<llvm::StringRef> done;
  for (size_t index = 0; index < units.size(); ++index) {
    const UnitCommand &unit = units[index];
    auto standing = [&](llvm::StringRef id) { return standingOf(index, id); };
    if (unit.isSkeleton() || !reports[index].errors.empty() || !done.insert(unit.shown).second)
      continue;
    for (findings::UnusedMarker &marker : suppressions.unused(unit.shown, standing))
      report.unused.push_back(std::move(marker));
  }
  report.summary.unusedMarkers = static_cast<uint32_t>(report.unused.size());
}

/// Headers are known to be looked at only when everything was. A file may be several units.
bool CheckRun::wasLookedAt(const Narrowing::Entry &entry) const {
  bool isUnit = false;
  for (size_t index = 0; index < units.size(); ++index) {
    if (units[index].shown != entry.file)
      continue;
    isUnit = true;
    if (!reports[index].errors.empty() || !ranOn(index, entry.check))
      return false;
  }
  return isUnit || (sawWholeProgram() && ranOn(0, entry.check));
}

int CheckRun::writeSkeletons() {
  auto writer = [&](llvm::raw_ostream &out) {
    for (const UnitReport &report : reports)
      out << report.skeleton;
  };
  std::string path = arguments.output.empty() ? "-" : arguments.output;
  if (llvm::Error error = findings::writeFile(path, writer))
    return fail(llvm::toString(std::move(error)));
  bool whole =
      llvm::all_of(reports, [](const UnitReport &report) { return report.errors.empty(); });
  return whole ? NothingFound : CouldNotJudge;
}

int CheckRun::explainVerdicts() {
  std::vector<Account> accounts = gatherAccounts(reports, *arguments.explainVerdict);
  for (const Account &account : accounts)
    llvm::outs() << account.text;
  if (llvm::Error error = findings::flushOutput())
    return fail(llvm::toString(std::move(error)));
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
  llvm::errs() << "sluice: applied " << findings::counted(applied->applied, "fix") << " in "
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
  if (program)
    linkUnits();
  return finish();
}

int CheckRun::runLink(std::vector<checks::Summary> given, const std::vector<std::string> &paths) {
  linkedChecks.emplace();
  for (size_t index = 0; index < given.size(); ++index) {
    reports[index] = std::move(given[index].report);
    linkedChecks->push_back(std::move(given[index].enabled));
  }
  std::string failure;
  addLinked(linkFiles(paths, linking(), limits(), failure), failure);
  return finish();
}

int CheckRun::finish() {
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

/// Where the summaries of several units are kept. A folder that is only the standard one is not
/// worth a run.
llvm::Expected<SummaryStore> openStore(const CheckArguments &arguments, const std::string &base) {
  if (!arguments.cache.empty())
    return SummaryStore::open(arguments.cache);
  std::string folder = findDatabaseFolder(arguments, base);
  if (arguments.noCache || folder.empty())
    return SummaryStore::temporary();
  llvm::Expected<SummaryStore> beside = SummaryStore::open(folder + "/.sluice-cache");
  if (beside)
    return beside;
  llvm::errs() << "sluice: warning: " << llvm::toString(beside.takeError())
               << "; nothing is kept for the next run (--cache names another folder)\n";
  return SummaryStore::temporary();
}

llvm::Expected<std::optional<WholeProgram>> openProgram(const CheckArguments &arguments,
                                                        const std::string &base, size_t units) {
  if (units < 2 || arguments.dumpSkeleton)
    return std::nullopt;
  llvm::Expected<SummaryStore> store = openStore(arguments, base);
  if (!store)
    return store.takeError();
  return WholeProgram(std::move(*store), units);
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
  if (llvm::Error error = checkOutputs(arguments))
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
  auto program = openProgram(arguments, settings.base, units->size());
  if (!program)
    return fail(llvm::toString(program.takeError()));
  return CheckRun(arguments, std::move(settings), std::move(models), std::move(*selection),
                  std::move(*narrowing), std::move(*units), std::move(*program))
      .run();
}

int runLink(const CheckArguments &arguments) {
  auto selection = CheckSelection::create(arguments);
  if (!selection)
    return fail(llvm::toString(selection.takeError()));
  if (llvm::Error error = checkOutputs(arguments))
    return fail(llvm::toString(std::move(error)));
  std::vector<checks::Summary> summaries;
  std::vector<UnitCommand> units;
  for (const std::string &path : arguments.files) {
    llvm::Expected<checks::Summary> summary = readSummary(path);
    if (!summary)
      return fail(llvm::toString(summary.takeError()));
    units.push_back({summary->unit, summary->unit, "", {}});
    summaries.push_back(std::move(*summary));
  }
  llvm::SmallString<128> base;
  llvm::sys::fs::current_path(base);
  auto narrowing = Narrowing::create(arguments, base.str().str());
  if (!narrowing)
    return fail(llvm::toString(narrowing.takeError()));
  return CheckRun(arguments, {}, UnitModels({}), std::move(*selection), std::move(*narrowing),
                  std::move(units), std::nullopt)
      .runLink(std::move(summaries), arguments.files);
}

} // namespace sluice::checker::standalone
