// Reads check lists and options from the command line and from .clang-tidy files.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/CheckSelection.h"

#include "checks/Catalogue.h"
#include "checks/SourceUnit.h"

#include "clang-tidy/ClangTidyOptions.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

namespace sluice::checker::standalone {

using findings::CheckGlobs;
using llvm::Error;

namespace {

Error mistake(const llvm::Twine &text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text);
}

bool fitsSome(const CheckGlobs::Item &item) {
  for (const checks::CheckInfo *check : checks::catalogue()) {
    std::string prefixed = findings::checkPrefix.str() + check->id.str();
    if (findings::globMatches(item.pattern, check->id) ||
        findings::globMatches(item.pattern, prefixed))
      return true;
  }
  return false;
}

/// A list made for other tools, such as '-*,bugprone-*', does not mean to switch ours off.
llvm::StringRef ifAboutUs(llvm::StringRef list) {
  return list.contains(findings::checkPrefix) ? list : llvm::StringRef();
}

bool isBelow(llvm::StringRef file, llvm::StringRef directory) {
  return file.consume_front(directory) && (directory.ends_with("/") || file.starts_with("/"));
}

/// "FILE:LINE" of where `key` stands in a configuration file.
std::string placeOf(llvm::StringRef key, llvm::StringRef file, llvm::StringRef base) {
  std::string place = checks::shownPath(file, base);
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/true);
  if (!buffer)
    return place;
  llvm::StringRef text = (*buffer)->getBuffer();
  size_t at = text.find(key);
  return at == llvm::StringRef::npos
             ? place
             : place + ":" + std::to_string(text.take_front(at).count('\n') + 1);
}

} // namespace

CheckSelection::CheckSelection(const CheckArguments &arguments)
    : chosen(arguments.checks), given(arguments.checkOptions), hasRoot(!arguments.root.empty()),
      provider(std::make_unique<clang::tidy::FileOptionsProvider>(
          clang::tidy::ClangTidyGlobalOptions(), clang::tidy::ClangTidyOptions(),
          clang::tidy::ClangTidyOptions())) {}

CheckSelection::CheckSelection(CheckSelection &&) noexcept = default;
CheckSelection::~CheckSelection() = default;

llvm::Expected<CheckSelection> CheckSelection::create(const CheckArguments &arguments) {
  CheckSelection selection(arguments);
  for (const CheckGlobs::Item &item : selection.chosen.items()) {
    if (fitsSome(item))
      continue;
    const checks::CheckInfo *near = checks::nearestCheck(item.pattern);
    return mistake("--checks: no check fits '" + item.pattern + "'" +
                   (near ? "; did you mean '" + near->id.str() + "'?" : "") +
                   "; 'sluice list-checks' names all");
  }
  checks::CheckOptions tried;
  if (Error error = selection.setGiven(tried))
    return error;
  return selection;
}

Error CheckSelection::setGiven(checks::CheckOptions &options) const {
  for (const auto &[key, value] : given)
    if (Error error = options.set(key, value))
      return mistake("--check-option: " + llvm::toString(std::move(error)));
  return Error::success();
}

Error CheckSelection::readOptions(const clang::tidy::ClangTidyOptions &raw, llvm::StringRef source,
                                  llvm::StringRef base, checks::CheckOptions &options) const {
  std::vector<llvm::StringRef> keys(raw.CheckOptions.keys().begin(), raw.CheckOptions.keys().end());
  llvm::sort(keys);
  for (llvm::StringRef key : keys) {
    if (!key.starts_with(findings::checkPrefix) && !key.starts_with("sluice."))
      continue;
    if (Error error = options.set(key, raw.CheckOptions.find(key)->second.Value))
      return mistake(placeOf(key, source, base) + ": " + llvm::toString(std::move(error)));
  }
  return Error::success();
}

Error CheckSelection::read(llvm::StringRef file, llvm::StringRef base) {
  llvm::StringRef directory = llvm::sys::path::parent_path(file);
  if (byDirectory.count(directory))
    return Error::success();
  const bool stopsAtRoot = hasRoot && isBelow(file, base);
  clang::tidy::ClangTidyOptions merged;
  checks::CheckOptions options;
  unsigned order = 0;
  for (const auto &[raw, source] : provider->getRawOptions(file)) {
    // Another machine need not have it, and the summary must be the same there.
    if (stopsAtRoot && !isBelow(source, base))
      continue;
    merged.mergeWith(raw, ++order);
    if (Error error = readOptions(raw, source, base, options))
      return error;
  }
  if (Error error = setGiven(options))
    return error;
  std::string list = merged.Checks.value_or("");
  byDirectory.try_emplace(directory, Configured{CheckGlobs(ifAboutUs(list)), std::move(options)});
  return Error::success();
}

const CheckSelection::Configured &CheckSelection::configured(llvm::StringRef file) const {
  return byDirectory.find(llvm::sys::path::parent_path(file))->second;
}

bool CheckSelection::enabled(llvm::StringRef file, llvm::StringRef id) const {
  if (std::optional<bool> decided = chosen.decides(id))
    return *decided;
  if (std::optional<bool> decided = configured(file).checks.decides(id))
    return *decided;
  const checks::CheckInfo *check = checks::findCheck(id);
  return check && check->defaultOn;
}

const checks::CheckOptions &CheckSelection::options(llvm::StringRef file) const {
  return configured(file).options;
}

std::set<std::string, std::less<>> CheckSelection::enabledOn(llvm::StringRef file) const {
  std::set<std::string, std::less<>> ids;
  for (const checks::CheckInfo *check : checks::catalogue())
    if (enabled(file, check->id))
      ids.insert(check->id.str());
  return ids;
}

} // namespace sluice::checker::standalone
