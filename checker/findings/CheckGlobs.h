// A list of check name patterns, as `--checks`, `.clang-tidy` and NOLINT write it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>
#include <vector>

namespace sluice::checker::findings {

/// What clang-tidy puts before an id of ours.
inline constexpr llvm::StringRef checkPrefix = "sluice-";

/// Patterns separated by commas or newlines; `*` stands for anything, a leading `-` takes away.
class CheckGlobs {
public:
  struct Item {
    bool adds = true;
    std::string pattern; ///< without the sign
  };

  explicit CheckGlobs(llvm::StringRef list);

  /// What the last pattern that fits `id` (with or without the prefix) says, if one fits.
  std::optional<bool> decides(llvm::StringRef id) const;

  const std::vector<Item> &items() const { return patterns; }

private:
  std::vector<Item> patterns;
};

/// Whether `text` fits `pattern`, in which `*` stands for any characters.
bool globMatches(llvm::StringRef pattern, llvm::StringRef text);

} // namespace sluice::checker::findings
