// Finds compile commands: in a database, or from flags on the command line.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/Units.h"

#include "checks/SourceUnit.h"

#include "clang/Tooling/CompilationDatabase.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <algorithm>
#include <memory>

namespace sluice::checker::standalone {
namespace {

using clang::tooling::CompilationDatabase;
using clang::tooling::CompileCommand;
using llvm::StringRef;

llvm::Error mistake(const llvm::Twine &text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text);
}

std::string absolute(StringRef path, StringRef base) {
  llvm::SmallString<256> full(path);
  llvm::sys::fs::make_absolute(base, full);
  llvm::sys::path::remove_dots(full, /*remove_dot_dot=*/true);
  return full.str().str();
}

/// The first line of what the database reader complains about.
std::string firstLine(StringRef text) { return text.trim().split('\n').first.str(); }

using Database = llvm::Expected<std::unique_ptr<CompilationDatabase>>;

Database openAt(StringRef path) {
  StringRef directory = path;
  if (llvm::sys::path::filename(path) == "compile_commands.json")
    directory =
        llvm::sys::path::parent_path(path).empty() ? "." : llvm::sys::path::parent_path(path);
  llvm::SmallString<256> file(directory);
  llvm::sys::path::append(file, "compile_commands.json");
  if (!llvm::sys::fs::exists(file))
    return mistake("-p: there is no '" + file +
                   "'; make it with cmake "
                   "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON, or give flags after '--'");
  std::string error;
  auto database = CompilationDatabase::loadFromDirectory(directory, error);
  if (!database)
    return mistake("cannot read '" + file + "': " + firstLine(error));
  return database;
}

Database searchFrom(StringRef directory) {
  for (StringRef at = directory; !at.empty(); at = llvm::sys::path::parent_path(at)) {
    llvm::SmallString<256> file(at);
    llvm::sys::path::append(file, "compile_commands.json");
    if (llvm::sys::fs::exists(file))
      return openAt(at);
  }
  return mistake("no compile_commands.json in '" + directory +
                 "' or above it; name its directory with -p, or give the compiler's flags after "
                 "'--'");
}

UnitCommand unitOf(const CompileCommand &command, const std::string &base) {
  UnitCommand unit;
  unit.file = absolute(command.Filename, command.Directory);
  unit.shown = checks::shownPath(unit.file, base);
  unit.directory = command.Directory;
  unit.arguments = command.CommandLine;
  return unit;
}

void add(std::vector<UnitCommand> &units, UnitCommand unit) {
  if (std::find(units.begin(), units.end(), unit) == units.end())
    units.push_back(std::move(unit));
}

UnitCommand fixedUnit(const CheckArguments &arguments, const std::string &file,
                      const std::string &base) {
  UnitCommand unit{absolute(file, base), "", base, {}};
  unit.shown = checks::shownPath(unit.file, base);
  if (unit.isSkeleton() || !arguments.flags)
    return unit;
  unit.arguments = {StringRef(file).ends_with(".c") ? "clang" : "clang++"};
  unit.arguments.insert(unit.arguments.end(), arguments.flags->begin(), arguments.flags->end());
  unit.arguments.push_back(unit.file);
  return unit;
}

bool isBelow(StringRef file, StringRef directory) {
  return file.consume_front(directory) && (directory.ends_with("/") || file.starts_with("/"));
}

std::string normal(const std::string &path) {
  llvm::SmallString<256> shortest(path);
  llvm::sys::path::remove_dots(shortest, /*remove_dot_dot=*/true);
  return shortest.str().str();
}

// Assembler sources stand in compilation databases too.
bool isJudged(const UnitCommand &unit) {
  const StringRef extension = llvm::sys::path::extension(unit.file);
  return extension != ".S" && extension != ".s" && extension != ".asm";
}

llvm::Error addBelow(std::vector<UnitCommand> &units, const CompilationDatabase &database,
                     const std::string &directory, const std::string &base) {
  const size_t before = units.size();
  for (const CompileCommand &command : database.getAllCompileCommands())
    if (UnitCommand unit = unitOf(command, base);
        isJudged(unit) && isBelow(normal(unit.file), directory))
      add(units, std::move(unit));
  if (units.size() > before)
    return llvm::Error::success();
  return mistake("the compilation database names no file below '" + directory + "'");
}

llvm::Error addFromDatabase(std::vector<UnitCommand> &units, const CheckArguments &arguments,
                            const std::string &file, const std::string &base) {
  std::string full = normal(absolute(file, base));
  if (!llvm::sys::fs::exists(full))
    return mistake("there is no file '" + file + "'");
  const bool whole = llvm::sys::fs::is_directory(full);
  Database database = !arguments.buildPath.empty() ? openAt(arguments.buildPath)
                      : whole                      ? searchFrom(full)
                                                   : searchFrom(llvm::sys::path::parent_path(full));
  if (!database)
    return database.takeError();
  if (whole)
    return addBelow(units, **database, full, base);
  std::vector<CompileCommand> commands = (*database)->getCompileCommands(full);
  if (commands.empty())
    return mistake("'" + file +
                   "' is not in the compilation database; build it there, or give "
                   "the compiler's flags after '--'");
  for (const CompileCommand &command : commands)
    add(units, unitOf(command, base));
  return llvm::Error::success();
}

llvm::Error addAll(std::vector<UnitCommand> &units, const CheckArguments &arguments,
                   const std::string &base) {
  Database database = arguments.buildPath.empty() ? searchFrom(base) : openAt(arguments.buildPath);
  if (!database)
    return database.takeError();
  for (const CompileCommand &command : (*database)->getAllCompileCommands())
    if (UnitCommand unit = unitOf(command, base); isJudged(unit))
      add(units, std::move(unit));
  if (units.empty())
    return mistake("the compilation database names no files");
  return llvm::Error::success();
}

} // namespace

bool UnitCommand::isSkeleton() const { return StringRef(file).ends_with(".skel"); }

llvm::Expected<std::vector<UnitCommand>> findUnits(const CheckArguments &arguments,
                                                   const std::string &base) {
  std::vector<UnitCommand> units;
  if (arguments.files.empty())
    if (llvm::Error error = addAll(units, arguments, base))
      return error;
  for (const std::string &file : arguments.files) {
    if (arguments.flags && llvm::sys::fs::is_directory(absolute(file, base)))
      return mistake("'" + file + "' is a directory; flags after '--' need files before it");
    if (arguments.flags || StringRef(file).ends_with(".skel"))
      add(units, fixedUnit(arguments, file, base));
    else if (llvm::Error error = addFromDatabase(units, arguments, file, base))
      return error;
  }
  return units;
}

} // namespace sluice::checker::standalone
