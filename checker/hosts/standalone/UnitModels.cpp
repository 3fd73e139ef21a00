// Loads model files, once for all units that share them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/UnitModels.h"

#include "hosts/standalone/SourceDigest.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

namespace sluice::checker::standalone {

using llvm::Error;

namespace {

/// Of a file, or of all files of a directory.
std::string digestOfPath(const std::string &path) {
  if (!llvm::sys::fs::is_directory(path)) {
    auto text = llvm::MemoryBuffer::getFile(path);
    return text ? standalone::digestOf((*text)->getBuffer()) : std::string();
  }
  std::vector<std::string> files;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator entry(path, error), end; !error && entry != end;
       entry.increment(error))
    files.push_back(entry->path());
  llvm::sort(files);
  std::string all;
  for (const std::string &file : files)
    if (!llvm::sys::fs::is_directory(file))
      all += digestOfPath(file);
  return standalone::digestOf(all);
}

} // namespace

llvm::Expected<UnitModels::Loaded> UnitModels::load(llvm::StringRef file,
                                                    const checks::CheckOptions &options) {
  auto models = models::Models::builtin();
  if (!models)
    return models.takeError();
  std::vector<std::string> paths;
  if (Error error = checks::addModels(options, file, *models, &paths))
    return error;
  for (const std::string &path : given) {
    if (Error error = models->addPath(path))
      return error;
    paths.push_back(path);
  }
  std::string digests;
  for (const std::string &path : paths)
    digests += digestOfPath(path);
  return Loaded{std::move(*models), digests};
}

Error UnitModels::read(llvm::StringRef file, const checks::CheckOptions &options) {
  bool own = !options.names(checks::modelFiles).empty();
  llvm::StringRef key = own ? llvm::sys::path::parent_path(file) : llvm::StringRef();
  if (byKey.count(key))
    return Error::success();
  auto loaded = load(file, options);
  if (!loaded)
    return loaded.takeError();
  byKey.try_emplace(key, std::move(*loaded));
  return Error::success();
}

const UnitModels::Loaded &UnitModels::loaded(llvm::StringRef file) const {
  auto own = byKey.find(llvm::sys::path::parent_path(file));
  return own != byKey.end() ? own->second : byKey.find("")->second;
}

const models::Models &UnitModels::of(llvm::StringRef file) const { return loaded(file).models; }

const std::string &UnitModels::digestOf(llvm::StringRef file) const { return loaded(file).digest; }

} // namespace sluice::checker::standalone
