// The models that each unit of a run is read with.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/Settings.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace sluice::checker::standalone {

/// What is built in, then what the options of a unit name, then what the command line names. What
/// comes later wins.
class UnitModels {
public:
  explicit UnitModels(std::vector<std::string> given) : given(std::move(given)) {}

  /// Reads the models of a file, before anything is asked about it.
  llvm::Error read(llvm::StringRef file, const checks::CheckOptions &options);

  const models::Models &of(llvm::StringRef file) const;

private:
  llvm::Expected<models::Models> load(llvm::StringRef file, const checks::CheckOptions &options);

  std::vector<std::string> given;
  llvm::StringMap<models::Models> byKey; ///< by directory; "" where the options name none
};

} // namespace sluice::checker::standalone
