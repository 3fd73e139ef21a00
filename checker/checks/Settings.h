// What the options of the checks mean to the frontend and the analysis.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/Verdict.h"
#include "checks/CheckOptions.h"
#include "frontend/Frontend.h"

namespace sluice::checker::checks {

/// How to read a unit; file names below `base` are shown relative to it.
frontend::FrontendOptions frontendSettings(const CheckOptions &options, std::string base);

/// How to judge a program.
analysis::Options analysisSettings(const CheckOptions &options);

/// Adds the model files that the options name, and their paths to `paths`. A relative path is
/// looked for in the directory of `file`, then in those above it.
llvm::Error addModels(const CheckOptions &options, llvm::StringRef file, models::Models &models,
                      std::vector<std::string> *paths = nullptr);

} // namespace sluice::checker::checks
