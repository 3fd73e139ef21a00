// Feeds any text to the model reader, and asks the models that it reads.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "models/ModelFile.h"

#include "llvm/Support/MemoryBuffer.h"

using namespace sluice::checker;

namespace {

/// Whatever was read can be found by its name.
void askFor(const models::ModelFile &file, const models::Models &all) {
  for (const models::TypeModel &type : file.types)
    if (!all.findType(type.name))
      std::abort();
  for (const models::CallModel &call : file.calls)
    all.findCall({call.name}, {});
  for (const std::string &name : file.namespaces)
    all.isModelled(name + "::x");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  llvm::StringRef text(reinterpret_cast<const char *>(data), size);
  // The reader is promised a zero behind the text, as of every file.
  auto buffer = llvm::MemoryBuffer::getMemBufferCopy(text, "input");
  llvm::Expected<models::ModelFile> file = models::readModelFile(*buffer);
  models::Models all;
  llvm::Error added = all.add(*buffer);
  if (!file != bool(added))
    std::abort(); // the two readers must agree
  if (file)
    askFor(*file, all);
  else
    llvm::consumeError(file.takeError());
  llvm::consumeError(std::move(added));
  return 0;
}
