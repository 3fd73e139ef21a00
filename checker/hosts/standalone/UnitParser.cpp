// Runs Clang on one compile command.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/UnitParser.h"

#include "checks/SourceUnit.h"
#include "checks/repair/Reparser.h"

#include "clang/AST/ASTConsumer.h"
#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Driver/Options.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendAction.h"
#include "clang/Tooling/ArgumentsAdjusters.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <map>

namespace sluice::checker::standalone {
namespace {

using findings::UnitReport;

/// Keeps errors, as compilers write them; warnings are the compiler's business.
class ErrorCollector : public clang::DiagnosticConsumer {
public:
  ErrorCollector(std::vector<std::string> &errors, const std::string &base)
      : errors(errors), base(base) {}

  void HandleDiagnostic(clang::DiagnosticsEngine::Level level,
                        const clang::Diagnostic &diagnostic) override {
    DiagnosticConsumer::HandleDiagnostic(level, diagnostic);
    if (level < clang::DiagnosticsEngine::Error)
      return;
    llvm::SmallString<128> text;
    diagnostic.FormatDiagnostic(text);
    errors.push_back(placeOf(diagnostic) + "error: " + text.str().str());
  }

private:
  std::string placeOf(const clang::Diagnostic &diagnostic) const {
    if (!diagnostic.hasSourceManager() || diagnostic.getLocation().isInvalid())
      return {};
    const clang::SourceManager &sources = diagnostic.getSourceManager();
    clang::PresumedLoc at = sources.getPresumedLoc(diagnostic.getLocation());
    if (at.isInvalid())
      return {};
    llvm::SmallString<256> path(at.getFilename());
    sources.getFileManager().makeAbsolutePath(path);
    return checks::shownPath(path, base) + ":" + std::to_string(at.getLine()) + ":" +
           std::to_string(at.getColumn()) + ": ";
  }

  std::vector<std::string> &errors;
  const std::string &base;
};

checks::JudgeOptions judging(const UnitSettings &settings,
                             llvm::function_ref<bool(llvm::StringRef)> enabled,
                             const checks::Reparser *reparser = nullptr) {
  return {settings.base, settings.onlyDefinite, settings.account,   enabled,
          reparser,      settings.options,      settings.forLinking};
}

/// What the judging of a parsed unit needs, and where its result goes.
struct Job {
  const models::Models &models;
  const UnitSettings &settings;
  llvm::function_ref<bool(llvm::StringRef)> enabled;
  UnitReport report;
  std::vector<ReadFile> *read = nullptr;
  const Preamble *preamble = nullptr;
};

/// What was parsed is digested, and not what the file may have become since.
void noteFiles(clang::SourceManager &sources, std::vector<ReadFile> &read) {
  std::map<std::string, ReadFile> byPath;
  forEachParsed(sources, [&](const ParsedFile &file) {
    if (auto [known, isNew] = byPath.try_emplace(file.path); isNew)
      known->second = {file.path, digestOf(file.text),
                       file.own ? digestWithoutComments(file.text) : "-"};
  });
  for (auto &[path, file] : byPath)
    read.push_back(std::move(file));
}

class JudgeConsumer : public clang::ASTConsumer {
public:
  JudgeConsumer(Job &job, clang::Preprocessor &preprocessor) : job(job), reparser(preprocessor) {}

  bool HandleTopLevelDecl(clang::DeclGroupRef group) override {
    if (job.preamble)
      written.insert(written.end(), group.begin(), group.end());
    return true;
  }

  void HandleTranslationUnit(clang::ASTContext &context) override {
    if (context.getDiagnostics().hasErrorOccurred())
      return;
    if (job.preamble)
      limitTraversal(context);
    if (job.settings.dump)
      job.report.skeleton = checks::skeletonText(
          context, job.models, judging(job.settings, job.enabled), *job.settings.dump);
    else
      job.report = checks::judgeUnit(
          context, job.models,
          judging(job.settings, job.enabled, job.settings.repair ? &reparser : nullptr));
    if (job.read)
      noteFiles(context.getSourceManager(), *job.read);
  }

private:
  /// What stands in the user's files. To walk over all that is in a preamble would load it all.
  void limitTraversal(clang::ASTContext &context) {
    clang::SourceManager &sources = context.getSourceManager();
    for (const PreamblePart &part : job.preamble->parts) {
      auto entry = sources.getFileManager().getOptionalFileRef(part.path);
      if (!part.own || !entry)
        continue;
      llvm::SmallVector<clang::Decl *> found;
      clang::FileID file = sources.translateFile(*entry);
      if (file.isValid() && context.getExternalSource())
        context.getExternalSource()->FindFileRegionDecls(
            file, 0, static_cast<unsigned>(sources.getFileIDSize(file)), found);
      written.insert(written.end(), found.begin(), found.end());
    }
    context.setTraversalScope(written);
  }

  Job &job;
  checks::Reparser reparser;
  std::vector<clang::Decl *> written; ///< at the top of the user's files
};

class JudgeAction : public clang::ASTFrontendAction {
public:
  explicit JudgeAction(Job &job) : job(job) {}
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance &compiler,
                                                        llvm::StringRef) override {
    return std::make_unique<JudgeConsumer>(job, compiler.getPreprocessor());
  }

private:
  Job &job;
};

/// As Clang's own factory of actions does, with the headers from a preamble.
class JudgeInvocation : public clang::tooling::ToolAction {
public:
  explicit JudgeInvocation(Job &job) : job(job) {}

  bool runInvocation(std::shared_ptr<clang::CompilerInvocation> invocation,
                     clang::FileManager *files,
                     std::shared_ptr<clang::PCHContainerOperations> containers,
                     clang::DiagnosticConsumer *diagnostics) override {
    if (job.preamble)
      job.preamble->addTo(*invocation);
    clang::CompilerInstance compiler(std::move(containers));
    compiler.setInvocation(std::move(invocation));
    compiler.setFileManager(files);
    compiler.createDiagnostics(diagnostics, /*ShouldOwnClient=*/false);
    compiler.createSourceManager(*files);
    JudgeAction action(job);
    return compiler.hasDiagnostics() && compiler.ExecuteAction(action);
  }

private:
  Job &job;
};

/// Databases made for other compilers hold flags that Clang does not know; they say nothing
/// about who waits for whom.
std::vector<std::string> withoutUnknownFlags(const std::vector<std::string> &arguments) {
  std::vector<const char *> pointers;
  for (const std::string &argument : arguments)
    pointers.push_back(argument.c_str());
  unsigned missingIndex = 0, missingCount = 0;
  llvm::opt::InputArgList parsed = clang::driver::getDriverOptTable().ParseArgs(
      llvm::ArrayRef(pointers).drop_front(), missingIndex, missingCount,
      llvm::opt::Visibility(clang::driver::options::ClangOption));
  std::vector<bool> unknown(arguments.size(), false);
  for (const llvm::opt::Arg *argument : parsed)
    if (argument->getOption().getKind() == llvm::opt::Option::UnknownClass)
      unknown[argument->getIndex() + 1] = true;
  std::vector<std::string> known;
  for (size_t index = 0; index < arguments.size(); ++index)
    if (!unknown[index])
      known.push_back(arguments[index]);
  return known;
}

std::vector<std::string> commandLine(const UnitCommand &unit, const UnitSettings &settings) {
  using namespace clang::tooling;
  ArgumentsAdjuster adjust = combineAdjusters(
      combineAdjusters(getClangStripOutputAdjuster(), getClangSyntaxOnlyAdjuster()),
      getClangStripDependencyFileAdjuster());
  std::vector<std::string> arguments = withoutUnknownFlags(adjust(unit.arguments, unit.file));
  bool hasResources = llvm::any_of(arguments, [](const std::string &argument) {
    return llvm::StringRef(argument).starts_with("-resource-dir");
  });
  std::vector<std::string> extra = {"-w", "-Wno-unknown-warning-option", "-Qunused-arguments",
                                    // Also silences "1 error generated".
                                    "-fno-caret-diagnostics"};
  if (!hasResources && !settings.resourceDir.empty())
    extra.push_back("-resource-dir=" + settings.resourceDir);
  arguments.insert(arguments.begin() + 1, extra.begin(), extra.end());
  return arguments;
}

UnitReport judgeSkeletonFile(const UnitCommand &unit, const UnitSettings &settings,
                             llvm::function_ref<bool(llvm::StringRef)> enabled,
                             std::vector<ReadFile> *read) {
  UnitReport report;
  auto buffer = llvm::MemoryBuffer::getFile(unit.file, /*IsText=*/true);
  if (!buffer) {
    report.errors.push_back(unit.shown + ": error: " + buffer.getError().message());
    return report;
  }
  if (read)
    read->push_back({unit.file, digestOf((*buffer)->getBuffer()), "-"});
  auto program = checks::readSkeleton((*buffer)->getBuffer(), unit.shown);
  if (!program) {
    report.errors.push_back(llvm::toString(program.takeError()));
    return report;
  }
  if (!settings.dump)
    return checks::judgeProgram(*program, judging(settings, enabled));
  report.skeleton = checks::skeletonText(*program, *settings.dump);
  return report;
}

} // namespace

void forEachParsed(clang::SourceManager &sources,
                   llvm::function_ref<void(const ParsedFile &file)> each) {
  for (unsigned index = 0; index != sources.local_sloc_entry_size(); ++index) {
    const clang::SrcMgr::SLocEntry &entry = sources.getLocalSLocEntry(index);
    if (!entry.isFile() || !entry.getFile().getContentCache().OrigEntry)
      continue;
    const clang::SrcMgr::ContentCache &content = entry.getFile().getContentCache();
    std::optional<llvm::StringRef> text = content.getBufferDataIfLoaded();
    if (!text)
      continue;
    llvm::SmallString<256> path(content.OrigEntry->getName());
    sources.getFileManager().makeAbsolutePath(path);
    each({*content.OrigEntry, path.str().str(), *text,
          !clang::SrcMgr::isSystem(entry.getFile().getFileCharacteristic())});
  }
}

bool runClang(const UnitCommand &unit, const UnitSettings &settings, const FileSystem &files,
              clang::tooling::ToolAction &action, clang::DiagnosticConsumer &diagnostics) {
  clang::FileSystemOptions options;
  options.WorkingDir = unit.directory;
  llvm::IntrusiveRefCntPtr<clang::FileManager> manager(new clang::FileManager(options, files));
  clang::tooling::ToolInvocation invocation(commandLine(unit, settings), &action, manager.get(),
                                            std::make_shared<clang::PCHContainerOperations>());
  invocation.setDiagnosticConsumer(&diagnostics);
  return invocation.run();
}

UnitReport judgeCommand(const UnitCommand &unit, const models::Models &models,
                        const UnitSettings &settings,
                        llvm::function_ref<bool(llvm::StringRef)> enabled,
                        std::vector<ReadFile> *read, const ParseFrom &from) {
  if (unit.isSkeleton())
    return judgeSkeletonFile(unit, settings, enabled, read);
  Job job{models, settings, enabled, {}, read, from.preamble};
  std::vector<std::string> errors;
  if (std::error_code error = llvm::sys::fs::set_current_path(unit.directory)) {
    job.report.errors.push_back(unit.shown + ": error: cannot enter '" + unit.directory +
                                "': " + error.message());
    return job.report;
  }
  ErrorCollector collector(errors, settings.base);
  JudgeInvocation action(job);
  bool ran = runClang(unit, settings, from.files, action, collector);
  if (!ran && errors.empty())
    errors.push_back(unit.shown + ": error: the compile command cannot be run");
  job.report.errors = std::move(errors);
  return std::move(job.report);
}

std::string findResourceDir(const char *argv0, void *mainAddress) {
  llvm::SmallString<256> beside(llvm::sys::fs::getMainExecutable(argv0, mainAddress));
  llvm::sys::path::remove_filename(beside);
  llvm::sys::path::append(beside, "..", "lib", "clang", SLUICE_LLVM_MAJOR);
  llvm::sys::path::remove_dots(beside, /*remove_dot_dot=*/true);
  for (llvm::StringRef candidate : {llvm::StringRef(beside), llvm::StringRef(SLUICE_RESOURCE_DIR)})
    if (llvm::sys::fs::is_directory(candidate + "/include"))
      return candidate.str();
  return {};
}

} // namespace sluice::checker::standalone
