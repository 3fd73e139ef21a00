// Feeds any text to the skeleton reader, and what it reads to the printer and the analysis.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/Verdict.h"
#include "analysis/VerdictText.h"
#include "skeleton/Text.h"
#include "skeleton/Verifier.h"

#include <cstdio>
#include <cstdlib>

using namespace sluice::checker;

namespace {

/// Enough for every mechanism, few enough for a thousand inputs a second.
constexpr uint64_t statesPerScope = 60;

std::string printed(const skeleton::Program &program) {
  std::string text;
  llvm::raw_string_ostream out(text);
  skeleton::printText(program, out);
  return text;
}

[[noreturn]] void broken(const char *promise, const std::string &text) {
  std::fprintf(stderr, "broken promise: %s\n%s\n", promise, text.c_str());
  std::abort();
}

/// Printing what was read, and reading that, gives the same text again.
void goRound(const skeleton::Program &program) {
  std::string once = printed(program);
  llvm::Expected<skeleton::Program> again = skeleton::readText(once, "again");
  if (!again)
    broken(llvm::toString(again.takeError()).c_str(), once);
  if (printed(*again) != once)
    broken("a program printed twice is the same text", once);
}

std::string judged(const skeleton::Program &program) {
  analysis::Options options;
  options.statesPerScope = statesPerScope;
  std::string text;
  llvm::raw_string_ostream out(text);
  analysis::printResult(program, analysis::analyze(program, options), out);
  return text;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  llvm::StringRef text(reinterpret_cast<const char *>(data), size);
  llvm::Expected<skeleton::Program> program = skeleton::readText(text, "input");
  if (!program) {
    llvm::consumeError(program.takeError());
    return 0;
  }
  if (!skeleton::verify(*program).empty())
    return 0;
  goRound(*program);
  std::string first = judged(*program);
  if (judged(*program) != first)
    broken("equal programs get equal verdicts", first);
  return 0;
}
