// Verdicts and coverage as plain text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/VerdictText.h"

#include "skeleton/Syntax.h"

namespace sluice::checker::analysis {
using namespace skeleton;
namespace {

const char *wordOf(Defect defect) {
  static const char *const Words[] = {
      "blocked-forever", "deadlock",       "never-ends",     "uncalled-cancel", "kept-lock",
      "unjoined-task",   "outlived-local", "untracked-task", "one-result",      "misuse"};
  return Words[unsigned(defect)];
}

const char *wordOf(Step::Kind kind) {
  static const char *const Words[] = {"make",
                                      "start",
                                      "send",
                                      "receive",
                                      "receive-closed",
                                      "close",
                                      "select-arm",
                                      "select-otherwise",
                                      "lock",
                                      "unlock",
                                      "wait",
                                      "notify",
                                      "count",
                                      "acquire",
                                      "release",
                                      "set",
                                      "join",
                                      "timer-fires",
                                      "cancel",
                                      "branch",
                                      "construct",
                                      "call",
                                      "destroy",
                                      "return",
                                      "end",
                                      "blocked",
                                      "lost",
                                      "handle-end",
                                      "local-end"};
  return Words[unsigned(kind)];
}

const char *wordOf(NoVerdict why) {
  static const char *const Words[] = {
      "escapes",     "unknown-callee", "suspended", "untracked-condition", "unequal-bounds",
      "lost-handle", "over-budget",    "recursion", "not-reached",         "unsupported"};
  return Words[unsigned(why)];
}

void printPlace(const Span &at, llvm::raw_ostream &out) {
  if (at.valid())
    out << " at " << at.file << ':' << at.line << ':' << at.column;
}

void printPrimitives(const std::vector<PrimitiveRef> &list, llvm::raw_ostream &out) {
  for (const PrimitiveRef &each : list)
    out << " '" << (each.name.empty() ? syntaxOf(each.kind).word.str() : each.name) << '\'';
}

void printVerdict(const Program &program, const Verdict &verdict, llvm::raw_ostream &out) {
  const Function &function = program.functions[verdict.site.function];
  const Instruction &site = function.blocks[verdict.site.block].code[verdict.site.index];
  out << wordOf(verdict.defect)
      << (verdict.certainty == Certainty::Definite ? " definite: " : " possible: ");
  if (verdict.defect == Defect::KeptLock) {
    out << '\'' << function.display << "' took";
    printPrimitives({verdict.lock}, out);
  } else {
    out << syntaxOf(site.op).word << " in '" << function.display << '\'';
    printPrimitives(verdict.tasks[verdict.culprit].on, out);
  }
  printPlace(verdict.at, out);
  out << '\n';
  for (uint32_t party : verdict.parties)
    out << "  party " << party << '\n';
  for (const Step &step : verdict.witness) {
    out << "  " << step.task << ' ' << verdict.tasks[step.task].display << ": "
        << wordOf(step.kind);
    if (step.kind == Step::Kind::SelectArm)
      out << ' ' << step.arm;
    printPrimitives(step.on, out);
    out << (step.detail.empty() ? "" : " ") << step.detail;
    printPlace(step.at, out);
    out << '\n';
  }
  for (const std::string &assumption : verdict.restsOn)
    out << "  rests on " << assumption << '\n';
}

void printEntry(const Coverage::Entry &entry, llvm::raw_ostream &out) {
  static const char *const States[] = {"verified", "reported", "no verdict"};
  out << States[unsigned(entry.state)] << ':';
  printPrimitives({entry.primitive}, out);
  printPlace(entry.primitive.madeAt, out);
  if (entry.state == Coverage::State::None)
    out << ' ' << wordOf(entry.why) << (entry.detail.empty() ? "" : ": ") << entry.detail;
  out << '\n';
}

} // namespace

void printResult(const Program &program, const Result &result, llvm::raw_ostream &out) {
  for (const Verdict &verdict : result.verdicts)
    printVerdict(program, verdict, out);
  for (const Coverage::Entry &entry : result.coverage.primitives)
    printEntry(entry, out);
}

} // namespace sluice::checker::analysis
