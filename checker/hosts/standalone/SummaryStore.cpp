// Reads and writes the folder of summaries.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Files are written beside their place and renamed, so that runs at the same time, or one that is
// ended, leave whole files. The list names the digest of what was kept: a pair of two runs does not
// fit, and is made anew.
#include "hosts/standalone/SummaryStore.h"

#include "findings/OutputFile.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

namespace sluice::checker::standalone {

using llvm::Error;
using llvm::StringRef;

namespace {

std::string below(StringRef folder, const llvm::Twine &name) {
  llvm::SmallString<256> path(folder);
  llvm::sys::path::append(path, name);
  return path.str().str();
}

std::optional<std::string> read(StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return std::nullopt;
  return (*buffer)->getBuffer().str();
}

Error write(StringRef path, StringRef text) {
  return findings::writeFile(path, [&](llvm::raw_ostream &out) { out << text; });
}

} // namespace

llvm::Expected<SummaryStore> SummaryStore::open(StringRef folder) {
  if (std::error_code error = llvm::sys::fs::create_directories(folder))
    return llvm::createStringError(error,
                                   "cannot make the folder '" + folder + "': " + error.message());
  return SummaryStore(folder.str(), /*passing=*/false);
}

llvm::Expected<SummaryStore> SummaryStore::temporary() {
  llvm::SmallString<256> folder;
  if (std::error_code error = llvm::sys::fs::createUniqueDirectory("sluice", folder))
    return llvm::createStringError(error, "cannot make a folder for summaries: " + error.message());
  return SummaryStore(folder.str().str(), /*passing=*/true);
}

SummaryStore::SummaryStore(SummaryStore &&other) noexcept
    : folder(std::move(other.folder)), passing(other.passing), digests(std::move(other.digests)) {
  other.folder.clear();
}

SummaryStore::~SummaryStore() {
  if (passing && !folder.empty())
    llvm::sys::fs::remove_directories(folder);
}

std::string SummaryStore::pathOf(StringRef key) const { return below(folder, key + ".summary"); }

std::string SummaryStore::listOf(StringRef key) const { return below(folder, key + ".files"); }

/// One line of a list: both digests, then the path.
bool SummaryStore::isUnchanged(StringRef line) {
  auto [bytes, rest] = line.split(' ');
  auto [code, path] = rest.split(' ');
  if (bytes.empty() || path.empty())
    return false;
  return digests.bytes(path) == bytes || digests.code(path) == code;
}

std::optional<std::string> SummaryStore::find(StringRef key) {
  std::optional<std::string> list = read(listOf(key));
  if (!list)
    return std::nullopt;
  auto [digest, lines] = StringRef(*list).split('\n');
  while (!lines.empty()) {
    auto [line, rest] = lines.split('\n');
    if (!isUnchanged(line))
      return std::nullopt;
    lines = rest;
  }
  std::optional<std::string> content = read(pathOf(key));
  if (!content || digestOf(*content) != digest)
    return std::nullopt;
  return content;
}

Error SummaryStore::keep(StringRef key, StringRef content, llvm::ArrayRef<ReadFile> files) {
  std::string list = digestOf(content) + "\n";
  for (const ReadFile &file : files)
    list += file.bytes + " " + file.code + " " + file.path + "\n";
  if (Error error = write(pathOf(key), content))
    return error;
  return write(listOf(key), list);
}

} // namespace sluice::checker::standalone
