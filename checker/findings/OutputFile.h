// Files that are written whole or not at all.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace sluice::checker::findings {

/// Writes what `writer` writes to `path`; "-" is standard output. A file is written beside its
/// place and renamed, so that whoever reads it, or a disk that is full, finds the old one or the
/// new one; a link stays one, and the permissions stay. A device or pipe is written into. Errors
/// say what cannot be written, and why.
llvm::Error writeFile(llvm::StringRef path, llvm::function_ref<void(llvm::raw_ostream &)> writer);

/// Flushes standard output, and gives the error that it had since the last time, in the same words.
llvm::Error flushOutput();

} // namespace sluice::checker::findings
