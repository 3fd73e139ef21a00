// The pages of docs/checks, embedded when the checker is built.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace sluice::checker::checks {

/// One page, in Markdown.
struct Page {
  llvm::StringRef id;
  llvm::StringRef text;
};

/// All pages, ordered by id.
llvm::ArrayRef<Page> pages();

} // namespace sluice::checker::checks
