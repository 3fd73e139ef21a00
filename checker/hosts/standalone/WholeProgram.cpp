// Makes, keeps and links summaries.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/WholeProgram.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

namespace sluice::checker::standalone {

using checks::LinkResult;
using checks::Summary;
using findings::UnitReport;
using llvm::StringRef;

namespace {

/// Another build of the checker may judge otherwise under the same version.
const std::string &digestOfChecker() {
  static const std::string digest = [] {
    std::string path = llvm::sys::fs::getMainExecutable(nullptr, nullptr);
    auto file = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
    return file ? digestOf((*file)->getBuffer()) : std::string();
  }();
  return digest;
}

std::string digestOfKey(const UnitKey &key) {
  std::string text = digestOfChecker();
  auto add = [&](StringRef part) { text += (part + llvm::Twine('\0')).str(); };
  for (const std::string &part : {key.unit.file, key.unit.shown, key.unit.directory})
    add(part);
  for (const std::string &argument : key.unit.arguments)
    add(argument);
  for (const std::string &check : key.enabled)
    add(check);
  for (const auto &[option, value] : key.settings.options.all())
    add(option + "=" + value);
  add(key.settings.base);
  add(key.settings.resourceDir);
  add(key.modelDigest);
  add(std::to_string(key.settings.onlyDefinite) + std::to_string(key.settings.account) +
      std::to_string(key.settings.repair));
  return digestOf(text);
}

/// What a link gave, as text that crosses the border of a process.
std::string encode(const LinkResult &result) {
  return std::to_string(result.programs) + " " + std::to_string(result.explored) + "\n" +
         findings::encode(result.report);
}

std::optional<LinkResult> decode(StringRef text) {
  auto [counts, rest] = text.split('\n');
  auto [programs, explored] = counts.split(' ');
  LinkResult result;
  std::optional<UnitReport> report = findings::decode(rest);
  if (!report || programs.getAsInteger(10, result.programs) ||
      explored.getAsInteger(10, result.explored))
    return std::nullopt;
  result.report = std::move(*report);
  return result;
}

} // namespace

Summary summarise(const UnitKey &key, std::vector<ReadFile> *read) {
  auto enabled = [&](StringRef id) { return key.enabled.count(id) != 0; };
  Summary summary{key.unit.shown, key.enabled, key.settings.options, {}, {}};
  summary.report = judgeCommand(key.unit, key.models, key.settings, enabled, read);
  summary.code = std::move(summary.report.skeleton);
  summary.report.skeleton.clear();
  return summary;
}

void WholeProgram::name(size_t index, const UnitKey &key) { keys[index] = digestOfKey(key); }

std::optional<UnitReport> WholeProgram::find(size_t index) {
  std::optional<std::string> kept = store.find(keys[index]);
  if (!kept)
    return std::nullopt;
  llvm::Expected<Summary> summary = checks::decodeSummary(*kept, keys[index], SLUICE_VERSION);
  if (summary)
    return std::move(summary->report);
  llvm::consumeError(summary.takeError());
  return std::nullopt;
}

UnitReport WholeProgram::judge(size_t index, const UnitKey &key) {
  std::vector<ReadFile> read;
  Summary summary = summarise(key, &read);
  if (summary.report.errors.empty()) {
    std::string bytes = checks::encodeSummary(summary, SLUICE_VERSION);
    if (llvm::Error error = store.keep(keys[index], bytes, read))
      summary.report.errors.push_back(
          key.unit.shown + ": error: cannot keep its summary: " + llvm::toString(std::move(error)));
  }
  return std::move(summary.report);
}

llvm::Expected<Summary> readSummary(const std::string &path, checks::SummaryPart part) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return llvm::createStringError(buffer.getError(),
                                   "cannot read '" + path + "': " + buffer.getError().message());
  return checks::decodeSummary((*buffer)->getBuffer(), path, SLUICE_VERSION, part);
}

namespace {

/// Keeps verdicts beside the summaries. That they cannot be kept costs time, and nothing else.
class KeptVerdicts : public checks::LinkMemory {
public:
  explicit KeptVerdicts(SummaryStore &store) : store(store) {}

  std::optional<std::string> find(const std::string &key) override { return store.find(own(key)); }
  void keep(const std::string &key, StringRef report) override {
    llvm::consumeError(store.keep(own(key), report, {}));
  }

private:
  static std::string own(const std::string &key) { return digestOf(digestOfChecker() + key); }

  SummaryStore &store;
};

/// "error " and what is wrong, or a result.
std::string linkHere(const std::vector<std::string> &paths, const checks::LinkOptions &options,
                     SummaryStore *store) {
  std::optional<KeptVerdicts> memory;
  if (store)
    memory.emplace(*store);
  llvm::Expected<LinkResult> result = checks::linkSummaries(
      paths.size(),
      [&](size_t unit) { return readSummary(paths[unit], checks::SummaryPart::WithoutReport); },
      options, memory ? &*memory : nullptr);
  if (!result)
    return "error " + llvm::toString(result.takeError());
  return encode(*result);
}

} // namespace

LinkResult linkFiles(const std::vector<std::string> &paths, const checks::LinkOptions &options,
                     WorkerLimits limits, std::string &failure, SummaryStore *store) {
  LinkResult linked;
  auto take = [&](size_t, WorkerResult done) {
    StringRef text = done.output;
    std::optional<LinkResult> result;
    if (!done.failure.empty())
      failure = "the checker " + done.failure + " while linking; please report it";
    else if (text.consume_front("error "))
      failure = text.str();
    else if (result = decode(text); !result)
      failure = "the checker gave no readable answer while linking; please report it";
    if (result)
      linked = std::move(*result);
  };
  runWorkers(1, limits, [&](size_t) { return linkHere(paths, options, store); }, take);
  return linked;
}

LinkResult WholeProgram::link(const std::vector<size_t> &judged, const checks::LinkOptions &options,
                              WorkerLimits limits, std::string &failure) {
  std::vector<std::string> paths;
  for (size_t index : judged)
    paths.push_back(store.pathOf(keys[index]));
  return linkFiles(paths, options, limits, failure, &store);
}

} // namespace sluice::checker::standalone
