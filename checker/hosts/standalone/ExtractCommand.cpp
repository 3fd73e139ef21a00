// Makes one summary in this process.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/ExtractCommand.h"

#include "checks/SourceUnit.h"
#include "findings/OutputFile.h"
#include "hosts/standalone/CheckCommand.h"
#include "hosts/standalone/CheckSelection.h"
#include "hosts/standalone/Flags.h"
#include "hosts/standalone/UnitModels.h"
#include "hosts/standalone/WholeProgram.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace sluice::checker::standalone {
namespace {

/// As a rule of make: spaces, `#` and `$` in names stand as make reads them.
void writeDependencies(llvm::StringRef target, const std::vector<ReadFile> &read,
                       llvm::raw_ostream &out) {
  auto name = [&](llvm::StringRef path) {
    for (char c : path) {
      if (c == ' ' || c == '#')
        out << '\\';
      out << (c == '$' ? "$$" : llvm::StringRef(&c, 1));
    }
  };
  name(target);
  out << ':';
  for (const ReadFile &file : read) {
    out << " \\\n ";
    name(file.path);
  }
  out << '\n';
}

int writeAll(const CheckArguments &arguments, const checks::Summary &summary,
             const std::vector<ReadFile> &read) {
  std::string path = arguments.output.empty() ? "-" : arguments.output;
  std::string bytes = checks::encodeSummary(summary, SLUICE_VERSION);
  if (llvm::Error error = findings::writeFile(path, [&](llvm::raw_ostream &out) { out << bytes; }))
    return fail(llvm::toString(std::move(error)));
  if (arguments.dependencies.empty())
    return NothingFound;
  auto rule = [&](llvm::raw_ostream &out) { writeDependencies(path, read, out); };
  if (llvm::Error error = findings::writeFile(arguments.dependencies, rule))
    return fail(llvm::toString(std::move(error)));
  return NothingFound;
}

llvm::Expected<std::string> rootOf(const CheckArguments &arguments) {
  llvm::SmallString<256> root(arguments.root);
  if (std::error_code error = llvm::sys::fs::make_absolute(root))
    return llvm::createStringError(error, "cannot tell the current directory: " + error.message());
  llvm::sys::path::remove_dots(root, /*remove_dot_dot=*/true);
  if (!llvm::sys::fs::is_directory(root))
    return mistake("--root: there is no directory '" + root + "'");
  while (root.size() > 1 && llvm::sys::path::is_separator(root.back()))
    root.pop_back();
  return root.str().str();
}

} // namespace

int runExtract(const CheckArguments &arguments, const std::string &resourceDir) {
  auto selection = CheckSelection::create(arguments);
  if (!selection)
    return fail(llvm::toString(selection.takeError()));
  llvm::Expected<std::string> root = rootOf(arguments);
  if (!root)
    return fail(llvm::toString(root.takeError()));
  llvm::SmallString<256> here;
  if (std::error_code error = llvm::sys::fs::current_path(here))
    return fail("cannot tell the current directory: " + error.message());
  auto units = findUnits(arguments, here.str().str());
  if (!units)
    return fail(llvm::toString(units.takeError()));
  UnitCommand &unit = units->front();
  unit.shown = checks::shownPath(unit.file, *root);
  UnitModels models(arguments.modelPaths);
  if (llvm::Error error = selection->read(unit.file, *root))
    return fail(llvm::toString(std::move(error)));
  if (llvm::Error error = models.read(unit.file, selection->options(unit.file)))
    return fail(llvm::toString(std::move(error)));
  UnitSettings settings;
  settings.base = *root;
  settings.resourceDir = resourceDir;
  settings.options = selection->options(unit.file);
  settings.repair = !arguments.noFixes;
  settings.forLinking = true;
  std::vector<ReadFile> read;
  UnitKey key{unit, settings, models.of(unit.file), models.digestOf(unit.file),
              selection->enabledOn(unit.file)};
  checks::Summary summary = summarise(key, &read);
  for (const std::string &error : summary.report.errors)
    llvm::errs() << error << '\n';
  if (!summary.report.errors.empty())
    return fail("'" + unit.shown + "' was not judged");
  // The unit's directory was entered to parse it.
  if (std::error_code error = llvm::sys::fs::set_current_path(here))
    return fail("cannot enter '" + here + "': " + error.message());
  return writeAll(arguments, summary, read);
}

} // namespace sluice::checker::standalone
