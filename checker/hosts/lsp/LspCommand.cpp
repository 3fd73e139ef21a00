// Starts the server.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/lsp/LspCommand.h"

#include "hosts/lsp/Server.h"
#include "hosts/standalone/CheckCommand.h"
#include "hosts/standalone/CheckSelection.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"

#include <unistd.h>

namespace sluice::checker::lsp {

int runLsp(const standalone::CheckArguments &arguments, const std::string &resourceDir) {
  if (auto selection = standalone::CheckSelection::create(arguments); !selection)
    return standalone::fail(llvm::toString(selection.takeError()));
  llvm::SmallString<128> folder;
  if (std::error_code error = llvm::sys::fs::createUniqueDirectory("sluice-lsp", folder))
    return standalone::fail("cannot make a folder for precompiled headers: " + error.message());
  Server server(Transport(STDIN_FILENO, STDOUT_FILENO),
                std::make_unique<Analyst>(arguments, resourceDir, folder.str().str()));
  return server.run();
}

} // namespace sluice::checker::lsp
