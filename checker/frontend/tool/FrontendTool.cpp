// sluice-frontend: prints the skeleton of a C++ file and what was not understood in it, for tests.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/Frontend.h"
#include "skeleton/Text.h"
#include "skeleton/Verifier.h"

#include "clang/Frontend/ASTUnit.h"
#include "clang/Tooling/CommonOptionsParser.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"

using namespace sluice::checker;

namespace {

llvm::cl::OptionCategory category("sluice-frontend options");
llvm::cl::list<std::string> modelFiles("models", llvm::cl::desc("more model files"),
                                       llvm::cl::cat(category));
llvm::cl::opt<bool> bodiesOfQueues("bodies-of-queues",
                                   llvm::cl::desc("enter queue classes rather than recognise them"),
                                   llvm::cl::cat(category));
llvm::cl::opt<bool> gapsOnly("gaps", llvm::cl::desc("print only what was not understood"),
                             llvm::cl::cat(category));

llvm::Expected<models::Models> loadModels() {
  auto models = models::Models::builtin();
  if (!models)
    return models;
  for (const std::string &path : modelFiles)
    if (llvm::Error e = models->addPath(path))
      return std::move(e);
  return models;
}

bool print(clang::ASTUnit &ast, const models::Models &models) {
  frontend::FrontendOptions options;
  options.recogniseQueues = !bodiesOfQueues;
  frontend::Unit unit = frontend::buildUnit(ast.getASTContext(), models, options);
  if (!gapsOnly)
    skeleton::printText(unit.program, llvm::outs());
  for (const frontend::Gap &g : unit.gaps)
    llvm::outs() << "# gap: " << unit.program.files[g.at.file] << ":" << g.at.line << ":"
                 << g.at.column << ": " << g.construct << "\n";
  for (const std::string &m : unit.misdeclared)
    llvm::errs() << m << "\n";
  std::vector<std::string> mistakes = skeleton::verify(unit.program);
  for (const std::string &m : mistakes)
    llvm::errs() << "not well-formed: " << m << "\n";
  return mistakes.empty();
}

} // namespace

int main(int argc, const char **argv) {
  llvm::InitLLVM init(argc, argv);
  auto options = clang::tooling::CommonOptionsParser::create(argc, argv, category);
  if (!options) {
    llvm::errs() << llvm::toString(options.takeError());
    return 2;
  }
  auto models = loadModels();
  if (!models) {
    llvm::errs() << llvm::toString(models.takeError()) << "\n";
    return 2;
  }
  clang::tooling::ClangTool tool(options->getCompilations(), options->getSourcePathList());
  tool.appendArgumentsAdjuster(clang::tooling::getInsertArgumentAdjuster(
      "-resource-dir=" SLUICE_CLANG_RESOURCES, clang::tooling::ArgumentInsertPosition::BEGIN));
  std::vector<std::unique_ptr<clang::ASTUnit>> units;
  int status = tool.buildASTs(units);
  bool wellFormed = true;
  for (auto &u : units)
    wellFormed &= print(*u, *models);
  return status ? 2 : wellFormed ? 0 : 1;
}
