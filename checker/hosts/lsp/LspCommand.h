// `sluice lsp`.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "hosts/standalone/Arguments.h"

#include <string>

namespace sluice::checker::lsp {

/// Serves an editor over standard input and output; the exit status. The arguments hold where the
/// editor configures nothing else.
int runLsp(const standalone::CheckArguments &arguments, const std::string &resourceDir);

} // namespace sluice::checker::lsp
