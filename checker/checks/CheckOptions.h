// The options of the checks: which there are, what they may be set to, and what they are set to.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace sluice::checker::checks {

struct CheckInfo;

/// What the value of an option is.
enum class OptionKind : uint8_t {
  Flag,   ///< `true` or `false`
  Number, ///< from 1 on
  Names,  ///< names or paths, separated by semicolons
};

/// One option, as `.clang-tidy` and `--check-option` name it.
struct OptionInfo {
  llvm::StringLiteral name;
  OptionKind kind = OptionKind::Flag;
  llvm::StringLiteral standard; ///< the value it has where nobody sets it
  llvm::StringLiteral summary;  ///< one line
};

/// What stands before the name of an option of all checks.
inline constexpr llvm::StringLiteral allChecks = "sluice";

// Options of all checks. Those that a check lists as its own can be set for it alone.
extern const OptionInfo onlyDefinite, fixes, statesPerScope, statesPerClass, stepsPerProbe,
    stepsPerUnit, throwingCalls, modelFiles;

/// The options of all checks.
llvm::ArrayRef<const OptionInfo *> generalOptions();

/// The values of all options, as the user has set them.
class CheckOptions {
public:
  /// Sets `sluice.NAME`, or `CHECK.NAME` with or without "sluice-" before it. The error says what
  /// is wrong with the name or the value, and what can be written instead.
  llvm::Error set(llvm::StringRef key, llvm::StringRef value);

  /// What was set, as `set` takes it, ordered by key.
  std::vector<std::pair<std::string, std::string>> all() const;

  // Options of all checks.
  bool isOn(const OptionInfo &option) const;
  uint64_t number(const OptionInfo &option) const;
  std::vector<std::string> names(const OptionInfo &option) const;

  // Options of a check. What is said of all checks holds where nothing is said of this one.
  bool isOn(const CheckInfo &check, const OptionInfo &option) const;

  /// Whether `name` is among the names of the option, in which `*` stands for any characters.
  bool holds(const CheckInfo &check, const OptionInfo &option, llvm::StringRef name) const;

private:
  llvm::StringRef text(llvm::StringRef owner, const OptionInfo &option) const;
  llvm::StringRef text(const CheckInfo &check, const OptionInfo &option) const;

  llvm::StringMap<std::string> values; ///< by "owner.NAME"; the owner is an id or `allChecks`
};

/// Whether one of `patterns`, in which `*` stands for any characters, fits `name`.
bool fitsOne(llvm::ArrayRef<std::string> patterns, llvm::StringRef name);

} // namespace sluice::checker::checks
