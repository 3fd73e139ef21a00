// The model files that are part of the checker, as text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace sluice::checker::models {

/// One of the files in checker/models/data. What C units need is in those whose name begins with
/// "c-".
struct BuiltinModelFile {
  llvm::StringRef name;
  llvm::StringRef text;
};

/// All of them, in the order of their names.
llvm::ArrayRef<BuiltinModelFile> builtinModelFiles();

} // namespace sluice::checker::models
