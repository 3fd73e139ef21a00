// Reads the small texts inside model files: steps, parameter patterns, names with alternatives.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "models/Models.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sluice::checker::models {

/// What is wrong with a text, and where in it.
struct TextError {
  size_t offset = 0;
  std::string message;
};

/// Reads `effect operand... flag...`, as in "send this $0 timed".
std::variant<Step, TextError> readStep(llvm::StringRef text);

/// Reads one operand: `this`, `$0`, `$0-1`, `T<0>`, a number, `unbounded` and the like.
std::optional<ModelOperand> readOperand(llvm::StringRef text);

/// Reads a parameter's pattern: `any`, `integral`, `callable`, `pointer` or a canonical type name.
std::variant<ParameterPattern, TextError> readParameter(llvm::StringRef text);

/// "a::{b,c}::d" as "a::b::d" and "a::c::d"; several braces multiply.
std::variant<std::vector<std::string>, TextError> expandName(llvm::StringRef text);

} // namespace sluice::checker::models
