// Words locks that outlast their task, and unlocks by strangers, in the words users meet.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/MissingUnlock.h"

#include "checks/Story.h"

namespace sluice::checker::checks {
namespace {

std::string message(const Story &story) {
  const analysis::Verdict &verdict = story.judged();
  if (verdict.defect == analysis::Defect::Misuse)
    return "unlock of " + story.subject() + (story.definite() ? ": " : " is possible here while ") +
           story.taskName(verdict.culprit) + " does not hold it";
  return "lock of " + quoted(verdict.lock) + (story.definite() ? " is" : " can be") +
         " kept for ever: " + story.taskName(verdict.culprit) +
         (verdict.culprit == 0 ? " returns" : " ends") + " without unlocking it";
}

} // namespace

static const OptionInfo *const options[] = {&onlyDefinite};

const CheckInfo missingUnlock = {
    .id = "missing-unlock",
    .summary = "a lock still held when its task ends, or an unlock by a task that does not hold it",
    .message = message,
    .options = options,
};

} // namespace sluice::checker::checks
