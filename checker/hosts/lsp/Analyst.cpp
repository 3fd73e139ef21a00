// Starts the processes that parse and judge.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/lsp/Analyst.h"

#include "hosts/standalone/Flags.h"
#include "hosts/standalone/UnitParser.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <unistd.h>

namespace sluice::checker::lsp {

using standalone::Child;
using standalone::Preamble;
using standalone::UnitCommand;

namespace {

constexpr int lowPriority = 10; // of the background, as nice counts

/// The disk, with open documents in place of their files.
standalone::FileSystem filesWith(const OpenTexts &texts) {
  auto open = llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>();
  for (const auto &[path, text] : texts)
    open->addFile(path, 0, llvm::MemoryBuffer::getMemBuffer(text, path));
  auto all =
      llvm::makeIntrusiveRefCnt<llvm::vfs::OverlayFileSystem>(llvm::vfs::getRealFileSystem());
  all->pushOverlay(open);
  return all;
}

/// A document that no compilation database knows is read as the compiler reads it by itself.
UnitCommand commandWithout(const std::string &path) {
  bool isC = llvm::sys::path::extension(path) == ".c";
  return {path,
          path,
          llvm::sys::path::parent_path(path).str(),
          {isC ? "clang" : "clang++", isC ? "-std=c17" : "-std=c++20", path}};
}

} // namespace

Analyst::Analyst(standalone::CheckArguments arguments, std::string resourceDir, std::string folder)
    : arguments(std::move(arguments)), resourceDir(std::move(resourceDir)),
      folder(std::move(folder)) {}

Analyst::~Analyst() { llvm::sys::fs::remove_directories(folder); }

void Analyst::forget() {
  models.reset();
  selection.reset();
}

llvm::Expected<Setting> Analyst::settingFor(const std::string &path) {
  standalone::CheckArguments own = arguments;
  own.files = {path};
  Setting setting;
  auto units = standalone::findUnits(own, "/");
  if (units) {
    setting.unit = std::move(units->front());
  } else {
    setting.remark = llvm::toString(units.takeError()) + "; read with the compiler's defaults";
    setting.unit = commandWithout(path);
  }
  setting.unit.shown = path;
  if (!selection) {
    auto created = standalone::CheckSelection::create(arguments);
    if (!created)
      return created.takeError();
    selection.emplace(std::move(*created));
    models = std::make_shared<standalone::UnitModels>(arguments.modelPaths);
  }
  if (llvm::Error error = selection->read(path, "/"))
    return error;
  setting.options = selection->options(path);
  setting.enabled = selection->enabledOn(path);
  if (llvm::Error error = models->read(path, setting.options))
    return error;
  setting.models = models;
  return setting;
}

standalone::UnitSettings Analyst::settings(const Setting &setting) const {
  standalone::UnitSettings settings;
  settings.base = "/"; // so file names stay absolute
  settings.resourceDir = resourceDir;
  settings.options = setting.options;
  settings.onlyDefinite = arguments.onlyDefinite;
  return settings;
}

std::optional<Child> Analyst::startPreamble(const Setting &setting, const OpenTexts &texts) const {
  return Child::start([&]() -> std::string {
    auto text = texts.find(setting.unit.file);
    if (text == texts.end())
      return {};
    auto preamble = standalone::buildPreamble(setting.unit, settings(setting), text->second,
                                              filesWith(texts), folder);
    return preamble ? standalone::encode(*preamble) : std::string();
  });
}

std::optional<Child> Analyst::startJudging(const Setting &setting, const OpenTexts &texts,
                                           const Preamble *preamble, bool repair) const {
  return Child::start([&] {
    if (repair && ::nice(lowPriority) == -1)
      return std::string(); // it would hold up the editor
    standalone::UnitSettings how = settings(setting);
    how.repair = repair;
    auto enabled = [&](llvm::StringRef id) { return setting.enabled.count(id) != 0; };
    return findings::encode(judgeCommand(setting.unit, setting.models->of(setting.unit.file), how,
                                         enabled, nullptr, {filesWith(texts), preamble}));
  });
}

bool Analyst::holds(const Preamble &preamble, const OpenTexts &texts) {
  for (const standalone::PreamblePart &part : preamble.parts) {
    llvm::SmallString<256> path(part.path);
    llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
    if (auto open = texts.find(path.str().str()); open != texts.end()) {
      if (standalone::hashOf(open->second) != part.hash)
        return false;
      continue;
    }
    llvm::sys::fs::file_status status;
    if (llvm::sys::fs::status(part.path, status) || status.getSize() != part.size)
      return false;
    // One that was open then had no time of its own.
    if (status.getLastModificationTime().time_since_epoch().count() == part.modified)
      continue;
    auto text = llvm::MemoryBuffer::getFile(part.path);
    if (!text || standalone::hashOf((*text)->getBuffer()) != part.hash)
      return false;
  }
  return true;
}

} // namespace sluice::checker::lsp
