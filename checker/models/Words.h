// The vocabulary of model files, as the loader needs it to read and to complain.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "models/Models.h"

#include <string>

namespace sluice::checker::models {

/// An effect's word, and how many operands a step with it may have.
struct EffectWord {
  llvm::StringRef word;
  unsigned fewest;
  unsigned most;
};

/// The word of an effect with its bounds.
const EffectWord &describe(Effect effect);

/// All words for roles, separated by commas.
std::string allRoles();

/// All words for effects, separated by commas.
std::string allEffects();

} // namespace sluice::checker::models
