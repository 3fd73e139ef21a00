// Reads a skeleton and prints, verifies or judges it: the way analyses are tested.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/Verdict.h"
#include "analysis/VerdictText.h"
#include "analysis/slice/Slicer.h"
#include "skeleton/Text.h"
#include "skeleton/Verifier.h"

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace sluice::checker;

static llvm::cl::opt<std::string> Input(llvm::cl::Positional, llvm::cl::desc("<file>"),
                                        llvm::cl::init("-"));
static llvm::cl::opt<bool> Print("print", llvm::cl::desc("print the skeleton as it was read"));
static llvm::cl::opt<bool> Dot("dot", llvm::cl::desc("print the skeleton as a graph"));
static llvm::cl::opt<bool> Slice("slice", llvm::cl::desc("print what verdicts depend on"));
static llvm::cl::opt<bool> Verify("verify", llvm::cl::desc("only say whether it is well formed"));
static llvm::cl::opt<bool> Analyze("analyze", llvm::cl::desc("print verdicts and coverage"));
static llvm::cl::opt<uint64_t> States("states", llvm::cl::desc("states a scope may have"),
                                      llvm::cl::init(20000));
static llvm::cl::opt<uint64_t> ClassStates("class-states",
                                           llvm::cl::desc("states a class's scope may have"),
                                           llvm::cl::init(10000));
static llvm::cl::opt<uint64_t> Steps("steps", llvm::cl::desc("steps a unit may take"),
                                     llvm::cl::init(analysis::Options().stepsPerUnit));
static llvm::cl::opt<bool>
    CountStates("count-states", llvm::cl::desc("print how many states were explored, from where"));

static int work(const skeleton::Program &program) {
  std::vector<std::string> complaints = skeleton::verify(program);
  for (const std::string &complaint : complaints)
    llvm::errs() << "error: " << complaint << '\n';
  if (!complaints.empty())
    return 2;
  if (Print)
    skeleton::printText(program, llvm::outs());
  if (Dot)
    skeleton::printDot(program, llvm::outs());
  if (Slice)
    skeleton::printText(analysis::withoutGaps(*analysis::slice(program).program), llvm::outs());
  if (Verify || !Analyze)
    return 0;
  analysis::Options options;
  options.statesPerScope = States;
  options.statesPerClass = ClassStates;
  options.stepsPerUnit = Steps;
  analysis::Result result = analysis::analyze(program, options);
  analysis::printResult(program, result, llvm::outs());
  if (!CountStates)
    return 0;
  for (const analysis::Scope &scope : result.coverage.scopes)
    llvm::outs() << scope.states << " states from '" << program.functions[scope.entry].display
                 << (scope.whole ? "'\n" : "', not to the end\n");
  llvm::outs() << result.coverage.states << " states\n";
  return 0;
}

int main(int argc, char **argv) {
  llvm::cl::ParseCommandLineOptions(argc, argv, "reads, checks and judges skeletons\n");
  auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(Input);
  if (!buffer) {
    llvm::errs() << Input << ": " << buffer.getError().message() << '\n';
    return 2;
  }
  llvm::Expected<skeleton::Program> program = skeleton::readText((*buffer)->getBuffer(), Input);
  if (!program) {
    llvm::errs() << llvm::toString(program.takeError()) << '\n';
    return 2;
  }
  return work(*program);
}
