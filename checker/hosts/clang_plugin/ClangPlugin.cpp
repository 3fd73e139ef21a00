// The checks as a plugin of the compiler: `clang++ -fplugin=libsluice-clang.so`, and inside clangd.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// clangd loads no plugins, but where it shares libclang-cpp with this module, the module's action
// runs in each of its parses once it is preloaded (`sluice-clangd`). Only what the main file holds
// is walked over: the rest would have to be loaded from clangd's preamble.
#include "checks/Catalogue.h"
#include "checks/Settings.h"
#include "checks/SourceUnit.h"
#include "checks/UnitJudge.h"
#include "findings/CheckGlobs.h"
#include "findings/Suppression.h"
#include "hosts/standalone/CheckSelection.h"

#include "clang/AST/ASTConsumer.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendPluginRegistry.h"

#include <cstdlib>
#include <dlfcn.h>
#include <set>

namespace sluice::checker::plugin {
namespace {

using clang::ASTContext;
using clang::DiagnosticsEngine;
using findings::Finding;

/// Whether the clang-tidy module is loaded too, and reports.
bool tidyReports() { return ::dlsym(RTLD_DEFAULT, "sluiceTidyIsLoaded") != nullptr; }

/// Reports as warnings, or errors where all warnings are.
class Reporter {
public:
  explicit Reporter(ASTContext &context)
      : context(context), diagnostics(context.getDiagnostics()),
        level(diagnostics.getWarningsAsErrors() ? DiagnosticsEngine::Error
                                                : DiagnosticsEngine::Warning) {}

  void complain(const std::string &mistake) {
    diagnostics.Report(diagnostics.getCustomDiagID(level, "sluice: %0")) << mistake;
  }

  void report(const Finding &finding) {
    const clang::SourceManager &sources = context.getSourceManager();
    clang::SourceLocation at = checks::startOf(finding.at, sources);
    {
      auto made = diagnostics.Report(at, diagnostics.getCustomDiagID(level, "%0 [%1]"));
      made << finding.message << (findings::checkPrefix + finding.check).str();
      if (!finding.fixes.empty())
        for (const findings::Edit &edit : finding.fixes.front().edits)
          made << clang::FixItHint::CreateReplacement(
              clang::CharSourceRange::getCharRange(checks::startOf(edit.range, sources),
                                                   checks::endOf(edit.range, sources)),
              edit.text);
    }
    for (const findings::Note &note : finding.notes) {
      clang::SourceLocation place = checks::startOf(note.at, sources);
      std::string number = note.number ? std::to_string(note.number) + ". " : "";
      diagnostics.Report(place.isValid() ? place : at,
                         diagnostics.getCustomDiagID(DiagnosticsEngine::Note, "%0"))
          << number + note.text;
    }
  }

private:
  ASTContext &context;
  DiagnosticsEngine &diagnostics;
  DiagnosticsEngine::Level level;
};

/// The texts as they were parsed, which in an editor are not those on the disk.
findings::SourceText textsOf(const std::vector<Finding> &found, const ASTContext &context) {
  const clang::SourceManager &sources = context.getSourceManager();
  findings::SourceText texts;
  for (const Finding &finding : found) {
    clang::SourceLocation at = checks::startOf(finding.at, sources);
    if (at.isValid())
      texts.overlay(finding.at.path, sources.getBufferData(sources.getFileID(at)));
  }
  return texts;
}

class PluginConsumer : public clang::ASTConsumer {
public:
  explicit PluginConsumer(standalone::CheckArguments arguments) : arguments(std::move(arguments)) {}

  bool HandleTopLevelDecl(clang::DeclGroupRef group) override {
    written.insert(written.end(), group.begin(), group.end());
    return true;
  }

  void HandleTranslationUnit(ASTContext &context) override {
    DiagnosticsEngine &diagnostics = context.getDiagnostics();
    if (diagnostics.hasUncompilableErrorOccurred() || diagnostics.getIgnoreAllWarnings() ||
        tidyReports())
      return;
    std::vector<clang::Decl *> before = context.getTraversalScope();
    context.setTraversalScope(written);
    if (llvm::Error error = judge(context))
      Reporter(context).complain(llvm::toString(std::move(error)));
    context.setTraversalScope(before);
  }

private:
  llvm::Error judge(ASTContext &context) const {
    const std::string file = checks::mainFileOf(context);
    auto selection = standalone::CheckSelection::create(arguments);
    if (!selection)
      return selection.takeError();
    if (llvm::Error error = selection->read(file, checks::workingDirectoryOf(context)))
      return error;
    const bool isC = !context.getLangOpts().CPlusPlus;
    auto models = models::Models::builtin(isC ? models::Language::C : models::Language::Cxx);
    if (!models)
      return models.takeError();
    auto enabled = [&](llvm::StringRef id) { return selection->enabled(file, id); };
    checks::JudgeOptions options;
    options.base = checks::workingDirectoryOf(context);
    options.enabled = enabled;
    options.options = selection->options(file);
    if (llvm::Error error = checks::addModels(options.options, file, *models))
      return error;
    std::vector<Finding> found = checks::judgeUnit(context, *models, options).findings;
    findings::sortAndFold(found);
    findings::SourceText texts = textsOf(found, context);
    findings::Suppressions suppressions(texts);
    Reporter reporter(context);
    for (const Finding &finding : found)
      if (!suppressions.covers(finding))
        reporter.report(finding);
    return llvm::Error::success();
  }

  standalone::CheckArguments arguments;
  std::vector<clang::Decl *> written; ///< at the top of what is parsed here
};

class PluginAction : public clang::PluginASTAction {
protected:
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance &,
                                                        llvm::StringRef) override {
    return std::make_unique<PluginConsumer>(arguments);
  }

  bool ParseArgs(const clang::CompilerInstance &compiler,
                 const std::vector<std::string> &given) override {
    DiagnosticsEngine &diagnostics = compiler.getDiagnostics();
    for (llvm::StringRef argument : given)
      if (argument.consume_front("checks="))
        arguments.checks = argument.str();
      else
        diagnostics.Report(diagnostics.getCustomDiagID(
            DiagnosticsEngine::Error, "the plugin 'sluice' has no argument '%0'; it takes "
                                      "-fplugin-arg-sluice-checks=GLOBS"))
            << argument;
    return true;
  }

  ActionType getActionType() override { return AddAfterMainAction; }

private:
  standalone::CheckArguments arguments;
};

/// What is preloaded into a tool is not meant for the programs that the tool starts.
__attribute__((constructor(101))) void hideFromChildren() {
  const char *preloaded = std::getenv("LD_PRELOAD");
  if (preloaded && std::string(preloaded).find("libsluice-clang") != std::string::npos)
    ::unsetenv("LD_PRELOAD");
}

} // namespace

static clang::FrontendPluginRegistry::Add<PluginAction>
    registration("sluice", "Finds tasks that can never finish, and deadlocks.");

} // namespace sluice::checker::plugin
