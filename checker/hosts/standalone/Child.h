// A forked process that works and hands back a text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"

#include <optional>
#include <string>
#include <sys/types.h>

namespace sluice::checker::standalone {

/// The process that makes them stays single-threaded, so a child may use everything after fork.
/// It ends when its parent does.
class Child {
public:
  /// Has a process run `work`, whose text is its output. Nothing, and errno, if none could be made.
  static std::optional<Child> start(llvm::function_ref<std::string()> work);
  /// The same with an output that is written piece by piece.
  using Write = llvm::function_ref<void(const std::string &)>;
  static std::optional<Child> startWriting(llvm::function_ref<void(Write)> work);
  Child(Child &&other) noexcept;
  Child &operator=(Child &&other) noexcept;
  /// Kills it if it has not ended.
  ~Child();

  /// What to poll for reading.
  int pipe() const { return end; }
  /// Reads what there is; true once it has closed its end.
  bool drain();
  void kill();
  /// Waits for its end; says how it ended unless that was well: "crashed (Segmentation fault)".
  std::string howItEnded();

  std::string output;

private:
  Child(pid_t process, int end) : process(process), end(end) {}
  pid_t process = 0; ///< 0: there is none, or it was waited for
  int end = -1;
};

} // namespace sluice::checker::standalone
