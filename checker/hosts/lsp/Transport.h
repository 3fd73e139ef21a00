// Messages of the Language Server Protocol over two file descriptors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "llvm/Support/JSON.h"

#include <optional>
#include <string>

namespace sluice::checker::lsp {

/// Takes apart and puts together what the protocol's base part frames. What is no frame is skipped
/// up to the next one.
class Transport {
public:
  Transport(int in, int out) : in(in), out(out) {}

  int input() const { return in; }

  /// Takes what has arrived; waits if nothing has. False at the end, or when reading fails.
  bool read();

  /// The content of the next message that has arrived whole.
  std::optional<std::string> next();

  /// Writes a message, and waits until it is taken. False when nobody reads any more.
  bool send(const llvm::json::Value &message);

private:
  int in, out;
  std::string arrived;
};

} // namespace sluice::checker::lsp
