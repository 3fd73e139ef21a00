// Finds compile commands: in a database, or from flags on the command line.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/Units.h"

#include "checks/SourceUnit.h"

#include "clang/Driver/Types.h"
#include "clang/Tooling/JSONCompilationDatabase.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/VirtualFileSystem.h"

#include <memory>
#include <set>
#include <tuple>

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

/// What is wrong with a database that its reader refuses. The reader's own words name no place
/// where the file is not JSON at all.
std::string complaintAbout(StringRef file, StringRef readersWords) {
  auto buffer = llvm::MemoryBuffer::getFile(file);
  if (!buffer)
    return buffer.getError().message();
  llvm::Expected<llvm::json::Value> json = llvm::json::parse((*buffer)->getBuffer());
  if (!json)
    return "it is not JSON: " + llvm::toString(json.takeError()) + "; let the build write it anew";
  return readersWords.trim().split('\n').first.str();
}

using Database = llvm::Expected<std::unique_ptr<CompilationDatabase>>;

constexpr llvm::StringLiteral databaseName = "compile_commands.json";

StringRef folderOf(StringRef path) {
  if (llvm::sys::path::filename(path) != databaseName)
    return path;
  return llvm::sys::path::parent_path(path).empty() ? "." : llvm::sys::path::parent_path(path);
}

/// The nearest folder, upwards from `directory`, that has a database; empty if there is none.
StringRef searchFolder(StringRef directory) {
  for (StringRef at = directory; !at.empty(); at = llvm::sys::path::parent_path(at)) {
    llvm::SmallString<256> file(at);
    llvm::sys::path::append(file, databaseName);
    if (llvm::sys::fs::exists(file))
      return at;
  }
  return {};
}

Database openAt(StringRef path) {
  llvm::SmallString<256> file(folderOf(path));
  llvm::sys::path::append(file, databaseName);
  if (!llvm::sys::fs::exists(file))
    return mistake("-p: there is no '" + file +
                   "'; make it with cmake "
                   "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON, or give flags after '--'");
  using clang::tooling::JSONCompilationDatabase;
  std::string error;
  std::unique_ptr<CompilationDatabase> database = JSONCompilationDatabase::loadFromFile(
      file, error, clang::tooling::JSONCommandLineSyntax::AutoDetect);
  if (!database)
    return mistake("cannot read '" + file + "': " + complaintAbout(file, error));
  return inferTargetAndDriverMode(
      expandResponseFiles(std::move(database), llvm::vfs::getRealFileSystem()));
}

Database searchFrom(StringRef directory) {
  if (StringRef folder = searchFolder(directory); !folder.empty())
    return openAt(folder);
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

/// Each command once, in the order in which they came.
class UnitList {
public:
  void add(UnitCommand unit) {
    if (seen.insert({unit.file, unit.directory, unit.arguments}).second)
      units.push_back(std::move(unit));
  }
  size_t size() const { return units.size(); }
  std::vector<UnitCommand> take() { return std::move(units); }

private:
  std::vector<UnitCommand> units;
  std::set<std::tuple<std::string, std::string, std::vector<std::string>>> seen;
};

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

bool isHeader(StringRef file) {
  using namespace clang::driver::types;
  StringRef extension = llvm::sys::path::extension(file);
  return extension.consume_front(".") && onlyPrecompileType(lookupTypeForExtension(extension));
}

llvm::Error addBelow(UnitList &units, const CompilationDatabase &database,
                     const std::string &directory, const std::string &base) {
  const size_t before = units.size();
  for (const CompileCommand &command : database.getAllCompileCommands())
    if (UnitCommand unit = unitOf(command, base);
        isJudged(unit) && isBelow(normal(unit.file), directory))
      units.add(std::move(unit));
  if (units.size() > before)
    return llvm::Error::success();
  return mistake("the compilation database names no file below '" + directory + "'");
}

llvm::Error addFromDatabase(UnitList &units, const CheckArguments &arguments,
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
  // No build compiles a header by itself: the unit with the nearest name tells how it is read.
  if (commands.empty() && isHeader(full))
    commands = inferMissingCompileCommands(std::move(*database))->getCompileCommands(full);
  if (commands.empty())
    return mistake("'" + file +
                   "' is not in the compilation database; build it there, or give "
                   "the compiler's flags after '--'");
  for (const CompileCommand &command : commands)
    units.add(unitOf(command, base));
  return llvm::Error::success();
}

llvm::Error addAll(UnitList &units, const CheckArguments &arguments, const std::string &base) {
  Database database = arguments.buildPath.empty() ? searchFrom(base) : openAt(arguments.buildPath);
  if (!database)
    return database.takeError();
  for (const CompileCommand &command : (*database)->getAllCompileCommands())
    if (UnitCommand unit = unitOf(command, base); isJudged(unit))
      units.add(std::move(unit));
  if (units.size() == 0)
    return mistake("the compilation database names no files");
  return llvm::Error::success();
}

} // namespace

bool UnitCommand::isSkeleton() const { return StringRef(file).ends_with(".skel"); }

llvm::Expected<std::vector<UnitCommand>> findUnits(const CheckArguments &arguments,
                                                   const std::string &base) {
  UnitList units;
  if (arguments.files.empty())
    if (llvm::Error error = addAll(units, arguments, base))
      return error;
  for (const std::string &file : arguments.files) {
    if (arguments.flags && llvm::sys::fs::is_directory(absolute(file, base)))
      return mistake("'" + file + "' is a directory; flags after '--' need files before it");
    if (arguments.flags || StringRef(file).ends_with(".skel"))
      units.add(fixedUnit(arguments, file, base));
    else if (llvm::Error error = addFromDatabase(units, arguments, file, base))
      return error;
  }
  return units.take();
}

std::string findDatabaseFolder(const CheckArguments &arguments, const std::string &base) {
  if (arguments.flags)
    return {};
  if (!arguments.buildPath.empty())
    return absolute(folderOf(arguments.buildPath), base);
  std::string from = arguments.files.empty() ? base : normal(absolute(arguments.files[0], base));
  return searchFolder(from).str();
}

} // namespace sluice::checker::standalone
