// The checks as a clang-tidy module: `clang-tidy -load libsluice-tidy.so -checks=sluice-*`.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One analysis of a unit serves all checks: the first one to meet the unit runs it, and each takes
// its own findings out of the result. NOLINT and header filters are clang-tidy's.
#include "checks/Catalogue.h"
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
using findings::Place;

/// What all checks of one clang-tidy run share. The checks of a unit are made afresh for it.
class SharedAnalysis {
public:
  /// The findings of the unit, judged at the first call. `modelPaths` are separated by semicolons.
  const std::vector<Finding> &of(ASTContext &context, clang::tidy::ClangTidyContext &tidy,
                                 llvm::StringRef modelPaths);
  /// How the unit is compiled, so that repairs can be tried on it.
  void compiledBy(clang::Preprocessor &preprocessor) {
    if (!reparser)
      reparser.emplace(preprocessor);
  }
  /// Why models could not be read, or what is wrong with declared queues, once; then empty.
  std::vector<std::string> takeErrors() { return std::exchange(errors, {}); }
  /// The unit is over, and its tree will go.
  void drop() {
    judged = nullptr;
    reparser.reset();
  }

private:
  const ASTContext *judged = nullptr;
  std::vector<Finding> findings;
  std::optional<checks::Reparser> reparser;
  std::vector<std::string> errors;
};

llvm::Expected<models::Models> readModels(llvm::StringRef paths) {
  auto models = models::Models::builtin();
  llvm::SmallVector<llvm::StringRef, 2> each;
  paths.split(each, ';', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (llvm::StringRef path : each)
    if (models)
      if (llvm::Error error = models->addPath(path.trim()))
        return error;
  return models;
}

const std::vector<Finding> &SharedAnalysis::of(ASTContext &context,
                                               clang::tidy::ClangTidyContext &tidy,
                                               llvm::StringRef modelPaths) {
  if (judged == &context)
    return findings;
  judged = &context;
  findings.clear();
  auto models = readModels(modelPaths);
  if (!models) {
    errors.push_back("sluice cannot read its models: " + llvm::toString(models.takeError()));
    return findings;
  }
  auto enabled = [&](llvm::StringRef id) {
    return tidy.isCheckEnabled((findings::checkPrefix + id).str());
  };
  checks::JudgeOptions options{"", false, false, enabled, reparser ? &*reparser : nullptr};
  findings::UnitReport report = checks::judgeUnit(context, *models, options);
  findings = std::move(report.findings);
  for (const std::string &line : report.misdeclared)
    errors.push_back(line);
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
      : ClangTidyCheck(name, context), tidy(*context), info(info),
        modelPaths(Options.getLocalOrGlobal("SluiceModels", "")) {}

  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &options) override {
    Options.store(options, "SluiceModels", modelPaths);
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
  SourceLocation locate(const Place &at, const clang::SourceManager &sources, bool end) const;

  clang::tidy::ClangTidyContext &tidy;
  const checks::CheckInfo &info;
  const std::string modelPaths;
};

void TidyCheck::check(const clang::ast_matchers::MatchFinder::MatchResult &result) {
  if (result.Context->getDiagnostics().hasUncompilableErrorOccurred())
    return;
  const std::vector<Finding> &findings = shared().of(*result.Context, tidy, modelPaths);
  for (const std::string &error : shared().takeErrors())
    configurationDiag("%0") << error;
  for (const Finding &finding : findings)
    if (finding.check == info.id)
      report(finding, *result.SourceManager);
}

SourceLocation TidyCheck::locate(const Place &at, const clang::SourceManager &sources,
                                 bool end) const {
  auto file = sources.getFileManager().getOptionalFileRef(at.path);
  if (!at.valid() || !file)
    return {};
  return sources.translateFileLineCol(*file, end ? at.span.endLine : at.span.line,
                                      end ? at.span.endColumn : at.span.column);
}

void TidyCheck::report(const Finding &finding, const clang::SourceManager &sources) {
  SourceLocation at = locate(finding.at, sources, false);
  {
    auto diagnostic = diag(at, "%0") << finding.message;
    if (!finding.fixes.empty())
      for (const findings::Edit &edit : finding.fixes.front().edits)
        diagnostic << clang::FixItHint::CreateReplacement(
            clang::CharSourceRange::getCharRange(locate(edit.range, sources, false),
                                                 locate(edit.range, sources, true)),
            edit.text);
  }
  for (const findings::Note &note : finding.notes) {
    SourceLocation place = locate(note.at, sources, false);
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

static clang::tidy::ClangTidyModuleRegistry::Add<TidyModule>
    registration("sluice-module", "Finds tasks that can never finish, and deadlocks.");

} // namespace sluice::checker::tidy
