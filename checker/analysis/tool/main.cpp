// Reads a skeleton and prints, verifies or judges it: the way analyses are tested.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/Verdict.h"
#include "analysis/VerdictText.h"
#include "analysis/slice/Slicer.h"
#include "skeleton/Join.h"
#include "skeleton/Text.h"
#include "skeleton/Verifier.h"

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace sluice::checker;

static llvm::cl::list<std::string> Inputs(llvm::cl::Positional, llvm::cl::desc("<files>"));
static llvm::cl::opt<bool> Join("join",
                                llvm::cl::desc("join the files, and look at what spans them"));
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
static llvm::cl::opt<uint64_t> ProbeSteps("probe-steps",
                                          llvm::cl::desc("steps that single runs may take"),
                                          llvm::cl::init(analysis::Options().stepsPerProbe));
static llvm::cl::opt<bool>
    CountStates("count-states", llvm::cl::desc("print how many states were explored, from where"));

static int work(const skeleton::Program &program, const analysis::Options &options = {}) {
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
  analysis::Options own = options;
  own.statesPerScope = States;
  own.statesPerClass = ClassStates;
  own.stepsPerUnit = Steps;
  own.stepsPerProbe = ProbeSteps;
  analysis::Result result = analysis::analyze(program, own);
  analysis::printResult(program, result, llvm::outs());
  if (!CountStates)
    return 0;
  for (const analysis::Scope &scope : result.coverage.scopes)
    llvm::outs() << scope.states << " states from '" << program.functions[scope.entry].display
                 << (scope.whole ? "'\n" : "', not to the end\n");
  llvm::outs() << result.coverage.states << " states\n";
  return 0;
}

static llvm::Expected<skeleton::Program> read(const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(path);
  if (!buffer)
    return llvm::createStringError(buffer.getError(), path + ": " + buffer.getError().message());
  return skeleton::readText((*buffer)->getBuffer(), path);
}

static int fail(llvm::Error error) {
  llvm::errs() << llvm::toString(std::move(error)) << '\n';
  return 2;
}

/// Outlines are printed and read on the way, as a link does.
static llvm::Expected<skeleton::Outline> outlineThroughText(const skeleton::Program &program) {
  std::string text;
  llvm::raw_string_ostream out(text);
  skeleton::printOutline(skeleton::outlineOf(program), out);
  llvm::StringRef rest = text;
  return skeleton::readOutline(rest);
}

static int joinAndWork() {
  std::vector<skeleton::Program> units;
  std::vector<skeleton::Outline> outlines;
  for (const std::string &path : Inputs) {
    llvm::Expected<skeleton::Program> unit = read(path);
    if (!unit)
      return fail(unit.takeError());
    auto outline = outlineThroughText(*unit);
    if (!outline)
      return fail(outline.takeError());
    units.push_back(std::move(*unit));
    outlines.push_back(std::move(*outline));
  }
  std::vector<std::string> names(Inputs.begin(), Inputs.end());
  std::vector<skeleton::LinkPlan> plans = skeleton::planLink(outlines);
  llvm::outs() << plans.size() << " joined\n";
  for (const skeleton::LinkPlan &plan : plans) {
    auto joined = skeleton::join(
        plan, names, skeleton::NameHomes(outlines),
        [&](uint32_t u, const std::set<skeleton::FunctionId> &) { return units[u]; });
    if (!joined)
      return fail(joined.takeError());
    analysis::Options options;
    options.widened = &joined->widened;
    options.ordersOfEntries = plan.orders;
    if (int failed = work(joined->program, options))
      return failed;
  }
  return 0;
}

int main(int argc, char **argv) {
  llvm::cl::ParseCommandLineOptions(argc, argv, "reads, checks and judges skeletons\n");
  if (Join)
    return joinAndWork();
  llvm::Expected<skeleton::Program> program = read(Inputs.empty() ? "-" : Inputs.front());
  return program ? work(*program) : fail(program.takeError());
}
