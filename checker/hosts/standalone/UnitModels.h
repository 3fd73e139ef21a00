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

  /// Of the texts of all models of a file that are not built in.
  const std::string &digestOf(llvm::StringRef file) const;

private:
  struct Loaded {
    models::Models models;
    std::string digest;
  };
  llvm::Expected<Loaded> load(llvm::StringRef file, const checks::CheckOptions &options);
  const Loaded &loaded(llvm::StringRef file) const;

  std::vector<std::string> given;
  llvm::StringMap<Loaded> byKey; ///< by directory; "" where the options name none
};

} // namespace sluice::checker::standalone
