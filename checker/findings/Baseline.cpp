// Reads and writes baselines.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/Baseline.h"

#include "findings/OutputFile.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

#include <algorithm>
#include <tuple>

namespace sluice::checker::findings {
namespace {

using llvm::json::Object;
using llvm::json::Value;

constexpr int64_t formVersion = 1;

llvm::Error wrong(const std::string &path, const llvm::Twine &what) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                 "the baseline '" + path + "' " + what +
                                     "; write it anew with --write-baseline");
}

/// As `write` writes them: one line each, so that a change of a finding is a change of a line.
std::string line(const std::string &fingerprint, const Baseline::Entry &entry) {
  std::string text;
  llvm::raw_string_ostream out(text);
  llvm::json::OStream json(out);
  json.object([&] {
    json.attribute("file", llvm::json::fixUTF8(entry.file));
    json.attribute("check", entry.check);
    json.attribute("message", llvm::json::fixUTF8(entry.message));
    json.attribute("fingerprint", fingerprint);
  });
  return text;
}

bool readEntry(const Value &value, std::string &fingerprint, Baseline::Entry &entry) {
  llvm::json::Path::Root root;
  llvm::json::ObjectMapper map(value, root);
  return map && map.map("file", entry.file) && map.map("check", entry.check) &&
         map.map("message", entry.message) && map.map("fingerprint", fingerprint);
}

} // namespace

llvm::Expected<Baseline> Baseline::read(const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return llvm::createStringError(buffer.getError(), "cannot read the baseline '" + path +
                                                          "': " + buffer.getError().message() +
                                                          "; --write-baseline writes one");
  llvm::Expected<Value> value = llvm::json::parse((*buffer)->getBuffer());
  if (!value)
    return wrong(path, "is no JSON: " + llvm::toString(value.takeError()));
  const Object *object = value->getAsObject();
  const llvm::json::Array *list = object ? object->getArray("findings") : nullptr;
  if (!list || !object->getInteger("version"))
    return wrong(path, "is none: it has no 'version' and 'findings'");
  if (object->getInteger("version") != formVersion)
    return wrong(path, "has version " + llvm::Twine(*object->getInteger("version")) +
                           ", and this sluice reads version " + llvm::Twine(formVersion));
  Baseline baseline;
  for (size_t index = 0; index < list->size(); ++index) {
    std::string fingerprint;
    Entry entry;
    if (!readEntry((*list)[index], fingerprint, entry))
      return wrong(path, "has an entry that is none, number " + llvm::Twine(index + 1));
    baseline.byFingerprint[fingerprint] = std::move(entry);
  }
  return baseline;
}

bool Baseline::has(const Finding &finding) {
  auto known = byFingerprint.find(finding.fingerprint);
  if (known == byFingerprint.end())
    return false;
  known->second.met = true;
  return true;
}

void Baseline::add(const Finding &finding) {
  byFingerprint[finding.fingerprint] = {finding.check, finding.at.path, finding.message, true};
}

uint32_t Baseline::dropGone(llvm::function_ref<bool(const Entry &)> wasLookedAt) {
  return static_cast<uint32_t>(std::erase_if(byFingerprint, [&](const auto &item) {
    return !item.second.met && wasLookedAt(item.second);
  }));
}

llvm::Error Baseline::write(const std::string &path) const {
  auto order = [](const auto *item) {
    return std::tie(item->second.file, item->second.check, item->second.message, item->first);
  };
  std::vector<const std::pair<const std::string, Entry> *> sorted;
  for (const auto &item : byFingerprint)
    sorted.push_back(&item);
  std::sort(sorted.begin(), sorted.end(),
            [&](const auto *a, const auto *b) { return order(a) < order(b); });
  return writeFile(path, [&](llvm::raw_ostream &out) {
    out << "{\"version\": " << formVersion << ", \"findings\": [";
    for (const auto *item : sorted)
      out << (item == sorted.front() ? "\n" : ",\n") << line(item->first, item->second);
    out << "\n]}\n";
  });
}

} // namespace sluice::checker::findings
