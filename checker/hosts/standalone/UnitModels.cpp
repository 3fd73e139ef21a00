// Loads model files, once for all units that share them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/UnitModels.h"

#include "llvm/Support/Path.h"

namespace sluice::checker::standalone {

using llvm::Error;

llvm::Expected<models::Models> UnitModels::load(llvm::StringRef file,
                                                const checks::CheckOptions &options) {
  auto models = models::Models::builtin();
  if (!models)
    return models.takeError();
  if (Error error = checks::addModels(options, file, *models))
    return error;
  for (const std::string &path : given)
    if (Error error = models->addPath(path))
      return error;
  return models;
}

Error UnitModels::read(llvm::StringRef file, const checks::CheckOptions &options) {
  bool own = !options.names(checks::modelFiles).empty();
  llvm::StringRef key = own ? llvm::sys::path::parent_path(file) : llvm::StringRef();
  if (byKey.count(key))
    return Error::success();
  auto models = load(file, options);
  if (!models)
    return models.takeError();
  byKey.try_emplace(key, std::move(*models));
  return Error::success();
}

const models::Models &UnitModels::of(llvm::StringRef file) const {
  auto own = byKey.find(llvm::sys::path::parent_path(file));
  return own != byKey.end() ? own->second : byKey.find("")->second;
}

} // namespace sluice::checker::standalone
