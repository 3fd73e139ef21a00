// Reads check lists from the command line and from .clang-tidy files.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/CheckSelection.h"

#include "checks/Catalogue.h"

#include "clang-tidy/ClangTidyOptions.h"
#include "llvm/Support/Path.h"

namespace sluice::checker::standalone {

using findings::CheckGlobs;

namespace {

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

} // namespace

CheckSelection::CheckSelection(llvm::StringRef list)
    : chosen(list), provider(std::make_unique<clang::tidy::FileOptionsProvider>(
                        clang::tidy::ClangTidyGlobalOptions(), clang::tidy::ClangTidyOptions(),
                        clang::tidy::ClangTidyOptions())) {}

CheckSelection::CheckSelection(CheckSelection &&) noexcept = default;
CheckSelection::~CheckSelection() = default;

llvm::Expected<CheckSelection> CheckSelection::create(llvm::StringRef list) {
  CheckSelection selection(list);
  for (const CheckGlobs::Item &item : selection.chosen.items()) {
    if (fitsSome(item))
      continue;
    const checks::CheckInfo *near = checks::nearestCheck(item.pattern);
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   "--checks: no check fits '" + item.pattern + "'" +
                                       (near ? "; did you mean '" + near->id.str() + "'?" : "") +
                                       "; 'sluice list-checks' names all");
  }
  return selection;
}

const CheckGlobs &CheckSelection::configured(llvm::StringRef file) {
  llvm::StringRef directory = llvm::sys::path::parent_path(file);
  auto known = byDirectory.find(directory);
  if (known != byDirectory.end())
    return known->second;
  std::string list = provider->getOptions(file).Checks.value_or("");
  return byDirectory.try_emplace(directory, CheckGlobs(ifAboutUs(list))).first->second;
}

bool CheckSelection::enabled(llvm::StringRef file, llvm::StringRef id) {
  if (std::optional<bool> decided = chosen.decides(id))
    return *decided;
  if (std::optional<bool> decided = configured(file).decides(id))
    return *decided;
  const checks::CheckInfo *check = checks::findCheck(id);
  return check && check->defaultOn;
}

} // namespace sluice::checker::standalone
