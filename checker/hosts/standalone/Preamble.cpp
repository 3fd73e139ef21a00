// Builds precompiled preambles and hands them from process to process.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/Preamble.h"

#include "hosts/standalone/UnitParser.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclBase.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/CompilerInvocation.h"
#include "clang/Frontend/PrecompiledPreamble.h"
#include "clang/Lex/Lexer.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/xxhash.h"

namespace sluice::checker::standalone {
namespace {

using llvm::json::Object;

/// Notes which files were read.
class PartNotes : public clang::PreambleCallbacks {
public:
  explicit PartNotes(Preamble &preamble) : preamble(preamble) {}

  void AfterExecute(clang::CompilerInstance &compiler) override {
    clang::SourceManager &sources = compiler.getSourceManager();
    auto main = sources.getFileEntryRefForID(sources.getMainFileID());
    forEachParsed(sources, [&](const ParsedFile &file) {
      auto status = sources.getFileManager().getVirtualFileSystem().status(file.entry.getName());
      if (status && !(main && *main == file.entry))
        preamble.parts.push_back({file.path, status->getSize(),
                                  status->getLastModificationTime().time_since_epoch().count(),
                                  hashOf(file.text), file.own});
    });
  }

  /// Bodies in system headers are never looked into, and take most of the time.
  bool shouldSkipFunctionBody(clang::Decl *function) override {
    return function->getASTContext().getSourceManager().isInSystemHeader(function->getLocation());
  }

private:
  Preamble &preamble;
};

/// Builds the preamble of what the driver makes of a command.
class PreambleAction : public clang::tooling::ToolAction {
public:
  PreambleAction(llvm::StringRef text, FileSystem files, llvm::StringRef folder)
      : text(text), files(std::move(files)), folder(folder) {}

  Preamble preamble;

  bool runInvocation(std::shared_ptr<clang::CompilerInvocation> invocation, clang::FileManager *,
                     std::shared_ptr<clang::PCHContainerOperations> containers,
                     clang::DiagnosticConsumer *) override {
    auto main = llvm::MemoryBuffer::getMemBufferCopy(
        text, invocation->getFrontendOpts().Inputs.front().getFile());
    const clang::PreambleBounds bounds = clang::ComputePreambleBounds(
        invocation->getLangOpts(), main->getMemBufferRef(), /*MaxLines=*/0);
    if (bounds.Size == 0)
      return false;
    auto ignored = clang::CompilerInstance::createDiagnostics(new clang::DiagnosticOptions,
                                                              new clang::IgnoringDiagConsumer);
    PartNotes notes(preamble);
    clang::CompilerInvocation skipping(*invocation);
    skipping.getFrontendOpts().SkipFunctionBodies = true;
    auto built =
        clang::PrecompiledPreamble::Build(skipping, main.get(), bounds, *ignored, files, containers,
                                          /*StoreInMemory=*/false, folder, notes);
    if (!built || ignored->hasErrorOccurred())
      return false;
    preamble.size = bounds.Size;
    preamble.endsAtStartOfLine = bounds.PreambleEndsAtStartOfLine;
    clang::CompilerInvocation use(*invocation);
    use.getPreprocessorOpts().RetainRemappedFileBuffers = true; // `main` is ours
    FileSystem from = files;
    built->AddImplicitPreamble(use, from, main.get());
    preamble.file = use.getPreprocessorOpts().ImplicitPCHInclude;
    // Its end would remove the file.
    kept = new clang::PrecompiledPreamble(std::move(*built));
    return true;
  }

private:
  llvm::StringRef text;
  FileSystem files;
  llvm::StringRef folder;
  clang::PrecompiledPreamble *kept = nullptr;
};

} // namespace

void Preamble::addTo(clang::CompilerInvocation &invocation) const {
  clang::PreprocessorOptions &options = invocation.getPreprocessorOpts();
  options.PrecompiledPreambleBytes = {size, endsAtStartOfLine};
  options.ImplicitPCHInclude = file;
  options.DisablePCHOrModuleValidation = clang::DisableValidationForModuleKind::PCH;
}

uint32_t preambleSize(llvm::StringRef text, bool isC) {
  clang::LangOptions language;
  language.CPlusPlus = !isC;
  language.LineComment = true;
  return clang::Lexer::ComputePreamble(text, language).Size;
}

std::optional<Preamble> buildPreamble(const UnitCommand &unit, const UnitSettings &settings,
                                      llvm::StringRef text, const FileSystem &files,
                                      llvm::StringRef folder) {
  PreambleAction action(text, files, folder);
  clang::IgnoringDiagConsumer nobody;
  if (!runClang(unit, settings, files, action, nobody))
    return std::nullopt;
  return std::move(action.preamble);
}

uint64_t hashOf(llvm::StringRef text) { return llvm::xxh3_64bits(text); }

// 64-bit numbers stand as strings: JSON's are doubles to many.

std::string encode(const Preamble &preamble) {
  llvm::json::Array parts;
  for (const PreamblePart &part : preamble.parts)
    parts.push_back(Object{{"path", llvm::json::fixUTF8(part.path)},
                           {"size", static_cast<int64_t>(part.size)},
                           {"modified", part.modified},
                           {"hash", std::to_string(part.hash)},
                           {"own", part.own}});
  llvm::json::Value value = Object{{"file", preamble.file},
                                   {"size", preamble.size},
                                   {"line", preamble.endsAtStartOfLine},
                                   {"parts", std::move(parts)}};
  return llvm::formatv("{0}", value).str();
}

std::optional<Preamble> decodePreamble(llvm::StringRef text) {
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(text);
  if (!value) {
    llvm::consumeError(value.takeError());
    return std::nullopt;
  }
  const Object *object = value->getAsObject();
  const llvm::json::Array *parts = object ? object->getArray("parts") : nullptr;
  if (!parts)
    return std::nullopt;
  Preamble preamble;
  preamble.file = object->getString("file").value_or("").str();
  preamble.size = static_cast<uint32_t>(object->getInteger("size").value_or(0));
  preamble.endsAtStartOfLine = object->getBoolean("line").value_or(false);
  for (const llvm::json::Value &each : *parts) {
    const Object *part = each.getAsObject();
    PreamblePart read;
    if (!part || part->getString("hash").value_or("").getAsInteger(10, read.hash))
      return std::nullopt;
    read.path = part->getString("path").value_or("").str();
    read.size = static_cast<uint64_t>(part->getInteger("size").value_or(0));
    read.modified = part->getInteger("modified").value_or(0);
    read.own = part->getBoolean("own").value_or(false);
    preamble.parts.push_back(std::move(read));
  }
  return preamble;
}

} // namespace sluice::checker::standalone
