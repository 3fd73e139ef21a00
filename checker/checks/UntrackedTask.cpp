// Words tasks that nothing waits for or bounds, in the words users meet.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/UntrackedTask.h"

#include "checks/Story.h"

namespace sluice::checker::checks {
namespace {

std::string message(const Story &story) {
  const analysis::Verdict &verdict = story.judged();
  std::string who = story.taskName(verdict.culprit);
  if (!verdict.subject.empty())
    return who + " is started " + verdict.subject +
           ", and nothing here waits for it or bounds how many run";
  return who + " is started, and nothing can wait for its end";
}

const OptionInfo allowedFunctions{"AllowedFunctions", OptionKind::Names, "",
                                  "functions that may start tasks which nothing waits for"};

bool wanted(const Story &story, const CheckOptions &options) {
  return !options.holds(untrackedTask, allowedFunctions, story.judged().tasks.front().display);
}

} // namespace

static const OptionInfo *const options[] = {&allowedFunctions};

const CheckInfo untrackedTask = {
    .id = "untracked-task",
    .summary = "a task started in a loop or by a function that nothing waits for or bounds",
    .defaultOn = false,
    .message = message,
    .options = options,
    .wanted = wanted,
};

} // namespace sluice::checker::checks
