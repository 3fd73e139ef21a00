// Reads one model file (YAML) into model records, with every mistake at its place.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "models/Models.h"
#include "models/QueueDeclaration.h"

namespace sluice::checker::models {

/// What a model file says, in its order.
struct ModelFile {
  std::string library;
  std::vector<std::string> namespaces;
  std::vector<std::string> follows; ///< classes and functions in them that are entered all the same
  std::vector<TypeModel> types;
  std::vector<CallModel> calls;
  std::vector<QueueDeclaration> queues;
};

/// Reads a model file. The error lists each mistake on a line of its own, as
/// "file:line:column: what is wrong; allowed: ...".
llvm::Expected<ModelFile> readModelFile(llvm::MemoryBufferRef text);

} // namespace sluice::checker::models
