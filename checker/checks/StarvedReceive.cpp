// Words receives that nobody may ever send to or close, in the words users meet.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/StarvedReceive.h"

#include "checks/Story.h"

namespace sluice::checker::checks {
namespace {

std::string message(const Story &story) {
  const analysis::TaskRef *task = story.culprit();
  bool select = task && task->operation == skeleton::Opcode::Select;
  if (story.subjects().empty())
    return (select ? "select without a case that can run " : "receive from a nil channel ") +
           story.waits();
  return (select ? "select on " : "receive from ") + story.subjectList() + ' ' + story.waits();
}

} // namespace

static const OptionInfo *const options[] = {&fixes, &onlyDefinite};

const CheckInfo starvedReceive = {
    .id = "starved-receive",
    .summary = "a receive, range or select that can wait for ever because no sender is left",
    .message = message,
    .options = options,
};

} // namespace sluice::checker::checks
