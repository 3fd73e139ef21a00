// The checks as a clang-tidy module: `clang-tidy -load libsluice-tidy.so -checks=sluice-*`.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One analysis of a unit serves all checks: the first one to meet the unit runs it, and each takes
// its own findings out of the result. NOLINT and header filters are clang-tidy's.
#include "checks/Catalogue.h"
#include "checks/Settings.h"
#include "checks/SourceUnit.h"
#include "checks/UnitJudge.h"
#include "checks/repair/Reparser.h"
#include "findings/CheckGlobs.h"

#include "clang-tidy/ClangTidyCheck.h"
#include "clang-tidy/ClangTidyModule.h"
#include "clang-tidy/ClangTidyModuleRegistry.h"
#include "clang/ASTMatchers/ASTMatchFinder.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"

#include <memory>

namespace sluice::checker::tidy {
namespace {

using clang::ASTContext;
using clang::SourceLocation;
using findings::Finding;

/// What all checks of one clang-tidy run share. The checks of a unit are made afresh for it.
class SharedAnalysis {
public:
  /// The findings of the unit, judged at the first call.
  const std::vector<Finding> &of(ASTContext &context, clang::tidy::ClangTidyContext &tidy);
  /// How the unit is compiled, so that repairs can be tried on it.
  void compiledBy(clang::Preprocessor &preprocessor) {
    if (!reparser)
      reparser.emplace(preprocessor);
  }
  /// What is wrong with the configuration, once; then nothing.
  std::vector<std::string> takeMistakes() { return std::exchange(mistakes, {}); }
  /// The unit is over, and its tree will go.
  void drop() {
    judged = nullptr;
    reparser.reset();
  }

private:
  const ASTContext *judged = nullptr;
  std::vector<Finding> findings;
  std::optional<checks::Reparser> reparser;
  std::vector<std::string> mistakes;

  checks::CheckOptions readOptions(clang::tidy::ClangTidyContext &tidy);
};

/// What is wrong with one option is told, and the others still hold.
checks::CheckOptions SharedAnalysis::readOptions(clang::tidy::ClangTidyContext &tidy) {
  checks::CheckOptions options;
  const auto &configured = tidy.getOptions().CheckOptions;
  std::vector<llvm::StringRef> keys(configured.keys().begin(), configured.keys().end());
  llvm::sort(keys);
  for (llvm::StringRef key : keys)
    if (key.starts_with(findings::checkPrefix) || key.starts_with("sluice."))
      if (llvm::Error error = options.set(key, configured.find(key)->second.Value))
        mistakes.push_back(llvm::toString(std::move(error)));
  return options;
}

const std::vector<Finding> &SharedAnalysis::of(ASTContext &context,
                                               clang::tidy::ClangTidyContext &tidy) {
  if (judged == &context)
    return findings;
  judged = &context;
  findings.clear();
  checks::CheckOptions settings = readOptions(tidy);
  bool isC = !context.getLangOpts().CPlusPlus;
  auto models = models::Models::builtin(isC ? models::Language::C : models::Language::Cxx);
  if (!models) {
    mistakes.push_back(llvm::toString(models.takeError()));
    return findings;
  }
  if (llvm::Error error = checks::addModels(settings, checks::mainFileOf(context), *models))
    mistakes.push_back(llvm::toString(std::move(error)));
  auto enabled = [&](llvm::StringRef id) {
    return tidy.isCheckEnabled((findings::checkPrefix + id).str());
  };
  checks::JudgeOptions options;
  options.base = checks::workingDirectoryOf(context);
  options.enabled = enabled;
  options.reparser = reparser ? &*reparser : nullptr;
  options.options = std::move(settings);
  findings::UnitReport report = checks::judgeUnit(context, *models, options);
  findings = std::move(report.findings);
  mistakes.insert(mistakes.end(), report.misdeclared.begin(), report.misdeclared.end());
  return findings;
}

SharedAnalysis &shared() {
  static thread_local SharedAnalysis analysis;
  return analysis;
}

/// One check of the catalogue, as clang-tidy sees it.
class TidyCheck : public clang::tidy::ClangTidyCheck {
public:
  TidyCheck(llvm::StringRef name, clang::tidy::ClangTidyContext *context,
            const checks::CheckInfo &info)
      : ClangTidyCheck(name, context), tidy(*context), info(info) {
    // So that clang-tidy knows them. The values are read for all checks at once.
    for (const checks::OptionInfo *option : info.options)
      Options.get(option->name);
    for (const checks::OptionInfo *option : checks::generalOptions())
      Options.getLocalOrGlobal((checks::allChecks + "." + option->name).str());
  }

  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &all) override {
    for (const checks::OptionInfo *option : info.options)
      Options.store(all, option->name, Options.get(option->name, option->standard));
  }

  void registerPPCallbacks(const clang::SourceManager &, clang::Preprocessor *preprocessor,
                           clang::Preprocessor *) override {
    shared().compiledBy(*preprocessor);
  }

  void registerMatchers(clang::ast_matchers::MatchFinder *finder) override {
    finder->addMatcher(clang::ast_matchers::translationUnitDecl().bind("unit"), this);
  }
  void check(const clang::ast_matchers::MatchFinder::MatchResult &result) override;
  void onEndOfTranslationUnit() override { shared().drop(); }

private:
  void report(const Finding &finding, const clang::SourceManager &sources);

  clang::tidy::ClangTidyContext &tidy;
  const checks::CheckInfo &info;
};

void TidyCheck::check(const clang::ast_matchers::MatchFinder::MatchResult &result) {
  if (result.Context->getDiagnostics().hasUncompilableErrorOccurred())
    return;
  const std::vector<Finding> &findings = shared().of(*result.Context, tidy);
  for (const std::string &mistake : shared().takeMistakes())
    configurationDiag("%0") << mistake;
  for (const Finding &finding : findings)
    if (finding.check == info.id)
      report(finding, *result.SourceManager);
}

void TidyCheck::report(const Finding &finding, const clang::SourceManager &sources) {
  SourceLocation at = checks::startOf(finding.at, sources);
  {
    auto diagnostic = diag(at, "%0") << finding.message;
    if (!finding.fixes.empty())
      for (const findings::Edit &edit : finding.fixes.front().edits)
        diagnostic << clang::FixItHint::CreateReplacement(
            clang::CharSourceRange::getCharRange(checks::startOf(edit.range, sources),
                                                 checks::endOf(edit.range, sources)),
            edit.text);
  }
  for (const findings::Note &note : finding.notes) {
    SourceLocation place = checks::startOf(note.at, sources);
    std::string number = note.number ? std::to_string(note.number) + ". " : "";
    diag(place.isValid() ? place : at, "%0", clang::DiagnosticIDs::Note) << number + note.text;
  }
}

class TidyModule : public clang::tidy::ClangTidyModule {
public:
  void addCheckFactories(clang::tidy::ClangTidyCheckFactories &factories) override {
    for (const checks::CheckInfo *info : checks::catalogue())
      factories.registerCheckFactory(
          (findings::checkPrefix + info->id).str(),
          [info](llvm::StringRef name, clang::tidy::ClangTidyContext *context) {
            return std::make_unique<TidyCheck>(name, context, *info);
          });
  }
};

} // namespace

/// Tells Clang's plugin, where both are loaded, that findings are reported already.
extern "C" __attribute__((visibility("default"))) const int sluiceTidyIsLoaded = 1;

static clang::tidy::ClangTidyModuleRegistry::Add<TidyModule>
    registration("sluice-module", "Finds tasks that can never finish, and deadlocks.");

} // namespace sluice::checker::tidy
