// The headers of a unit, precompiled into a file, for hosts that judge a unit again and again.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Clang's own class for that lives in one process; here one process makes the file and others use
// it, so that a parse that hangs or crashes takes nothing with it.
#pragma once

#include "hosts/standalone/Units.h"

#include "llvm/ADT/IntrusiveRefCntPtr.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/VirtualFileSystem.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace clang {
class CompilerInvocation;
}

namespace sluice::checker::standalone {

struct UnitSettings;

/// A file that a preamble was made from.
struct PreamblePart {
  std::string path;
  uint64_t size = 0;
  int64_t modified = 0; ///< nanoseconds since the epoch
  uint64_t hash = 0;    ///< of the bytes that were read
  bool own = false;     ///< no system header
};

/// What a main file begins with, up to its first declaration.
struct Preamble {
  std::string file;  ///< the precompiled header
  uint32_t size = 0; ///< how many bytes of the main file it stands for
  bool endsAtStartOfLine = false;
  std::vector<PreamblePart> parts; ///< without the main file

  /// Has a parse take the headers from here.
  void addTo(clang::CompilerInvocation &invocation) const;
};

using FileSystem = llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem>;

/// How many bytes of a main file are its preamble.
uint32_t preambleSize(llvm::StringRef text, bool isC);

/// Makes the preamble of a unit whose main file has the text `text`, in a file in `folder` that
/// stays. Nothing if there is no preamble, or it does not compile. For processes that end by
/// _exit, since Clang removes such files at the end of a program.
std::optional<Preamble> buildPreamble(const UnitCommand &unit, const UnitSettings &settings,
                                      llvm::StringRef text, const FileSystem &files,
                                      llvm::StringRef folder);

/// The hash that the parts of preambles have.
uint64_t hashOf(llvm::StringRef text);

/// For pipes; decode() gives nothing if `text` is not a whole preamble.
std::string encode(const Preamble &preamble);
std::optional<Preamble> decodePreamble(llvm::StringRef text);

} // namespace sluice::checker::standalone
