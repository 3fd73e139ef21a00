// Turns options into the settings of the frontend and the analysis.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/Settings.h"

#include "checks/LockOrderCycle.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace sluice::checker::checks {

frontend::FrontendOptions frontendSettings(const CheckOptions &options, std::string base) {
  frontend::FrontendOptions settings;
  settings.workingDirectory = std::move(base);
  std::vector<std::string> throwing = options.names(throwingCalls);
  if (!throwing.empty())
    settings.mayThrow = [throwing = std::move(throwing)](llvm::StringRef name) {
      return fitsOne(throwing, name);
    };
  return settings;
}

analysis::Options analysisSettings(const CheckOptions &options) {
  analysis::Options settings;
  settings.statesPerScope = options.number(statesPerScope);
  settings.statesPerClass = options.number(statesPerClass);
  settings.stepsPerProbe = options.number(stepsPerProbe);
  settings.stepsPerUnit = options.number(stepsPerUnit);
  settings.ordersOfEntries = options.isOn(lockOrderCycle, acrossEntries);
  return settings;
}

static llvm::Expected<std::string> findAbove(llvm::StringRef directory, llvm::StringRef path) {
  if (llvm::sys::path::is_absolute(path))
    return path.str();
  for (llvm::StringRef at = directory; !at.empty(); at = llvm::sys::path::parent_path(at)) {
    llvm::SmallString<256> candidate(at);
    llvm::sys::path::append(candidate, path);
    if (llvm::sys::fs::exists(candidate))
      return candidate.str().str();
  }
  return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                 "'" + allChecks + "." + modelFiles.name + "': there is no '" +
                                     path + "' in '" + directory + "' or above it");
}

llvm::Error addModels(const CheckOptions &options, llvm::StringRef file, models::Models &models,
                      std::vector<std::string> *paths) {
  for (const std::string &path : options.names(modelFiles)) {
    auto found = findAbove(llvm::sys::path::parent_path(file), path);
    if (!found)
      return found.takeError();
    if (llvm::Error error = models.addPath(*found))
      return error;
    if (paths)
      paths->push_back(*found);
  }
  return llvm::Error::success();
}

} // namespace sluice::checker::checks
