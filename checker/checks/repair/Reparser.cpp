// Runs Clang over a text in memory, with the options of a unit that was parsed before.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/repair/Reparser.h"

#include "clang/AST/ASTConsumer.h"
#include "clang/Basic/FileManager.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/CompilerInvocation.h"
#include "clang/Frontend/FrontendAction.h"
#include "clang/Frontend/PrecompiledPreamble.h"
#include "clang/Lex/HeaderSearch.h"
#include "clang/Lex/HeaderSearchOptions.h"
#include "clang/Lex/Lexer.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/VirtualFileSystem.h"

#include <utility>

namespace sluice::checker::checks {
namespace {

using namespace clang;

using Use = llvm::function_ref<void(ASTContext &)>;

class UseConsumer : public ASTConsumer {
public:
  UseConsumer(Use use, bool &compiled) : use(use), compiled(compiled) {}
  void HandleTranslationUnit(ASTContext &context) override {
    compiled = !context.getDiagnostics().hasErrorOccurred();
    if (compiled)
      use(context);
  }

private:
  Use use;
  bool &compiled;
};

class UseAction : public ASTFrontendAction {
public:
  UseAction(Use use, bool &compiled) : use(use), compiled(compiled) {}
  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &, llvm::StringRef) override {
    return std::make_unique<UseConsumer>(use, compiled);
  }

private:
  Use use;
  bool &compiled;
};

FrontendInputFile mainFileOf(Preprocessor &preprocessor) {
  SourceManager &sources = preprocessor.getSourceManager();
  auto entry = sources.getFileEntryRefForID(sources.getMainFileID());
  Language language = preprocessor.getLangOpts().CPlusPlus ? Language::CXX : Language::C;
  return {entry ? entry->getName() : "", InputKind(language)};
}

} // namespace

Reparser::Reparser(Preprocessor &preprocessor)
    : invocation(std::make_shared<CompilerInvocation>()), files(preprocessor.getFileManager()) {
  invocation->getLangOpts() = preprocessor.getLangOpts();
  invocation->getTargetOpts() = preprocessor.getTargetInfo().getTargetOpts();
  invocation->getHeaderSearchOpts() = preprocessor.getHeaderSearchInfo().getHeaderSearchOpts();
  invocation->getPreprocessorOpts() = preprocessor.getPreprocessorOpts();
  invocation->getFileSystemOpts() = files.getFileSystemOpts();
  invocation->getFrontendOpts().Inputs = {mainFileOf(preprocessor)};
  invocation->getFrontendOpts().ProgramAction = frontend::ParseSyntaxOnly;
}

Reparser::~Reparser() = default;

/// Building it takes what one parse takes and some more.
void Reparser::usePreamble(CompilerInvocation &parsing, llvm::MemoryBuffer &main,
                           FileSystem &from) const {
  const unsigned before = parses++;
  const PreambleBounds bounds =
      ComputePreambleBounds(parsing.getLangOpts(), main.getMemBufferRef(), /*MaxLines=*/0);
  if (before == 1 && bounds.Size != 0) {
    auto ignored =
        CompilerInstance::createDiagnostics(new DiagnosticOptions, new IgnoringDiagConsumer);
    PreambleCallbacks nothing;
    auto built = PrecompiledPreamble::Build(*invocation, &main, bounds, *ignored, from,
                                            std::make_shared<PCHContainerOperations>(),
                                            /*StoreInMemory=*/true, "", nothing);
    if (built)
      preamble = std::make_unique<PrecompiledPreamble>(std::move(*built));
  }
  if (preamble && preamble->CanReuse(parsing, main.getMemBufferRef(), bounds, *from))
    preamble->AddImplicitPreamble(parsing, from, &main);
}

bool Reparser::parse(llvm::StringRef text, Use use) const {
  llvm::StringRef name = invocation->getFrontendOpts().Inputs.front().getFile();
  if (name.empty())
    return false;
  llvm::SmallString<256> path(name);
  files.makeAbsolutePath(path);
  auto changed = llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>();
  changed->addFile(path, 0, llvm::MemoryBuffer::getMemBufferCopy(text, path));
  auto all =
      llvm::makeIntrusiveRefCnt<llvm::vfs::OverlayFileSystem>(files.getVirtualFileSystemPtr());
  all->pushOverlay(changed);
  FileSystem from = all;
  auto parsing = std::make_shared<CompilerInvocation>(*invocation);
  parsing->getPreprocessorOpts().RetainRemappedFileBuffers = true; // `main` is ours
  const auto main = llvm::MemoryBuffer::getMemBufferCopy(text, name);
  usePreamble(*parsing, *main, from);
  CompilerInstance compiler;
  compiler.setInvocation(parsing);
  compiler.createDiagnostics(new IgnoringDiagConsumer, /*ShouldOwnClient=*/true);
  compiler.createFileManager(from);
  bool compiled = false;
  UseAction action(use, compiled);
  return compiler.ExecuteAction(action) && compiled;
}

} // namespace sluice::checker::checks
