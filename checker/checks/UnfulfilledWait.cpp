// Words waits for events and semaphores that may never be fulfilled, in the words users meet.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/UnfulfilledWait.h"

#include "checks/Story.h"

namespace sluice::checker::checks {
namespace {

std::string message(const Story &story) {
  const analysis::TaskRef *task = story.culprit();
  bool semaphore = task && task->operation == skeleton::Opcode::Acquire;
  return (semaphore ? "acquire of " : "wait for ") + story.subject() + ' ' + story.blocks() +
         (semaphore ? ": nothing releases it" : ": nothing sets it");
}

} // namespace

static const OptionInfo *const options[] = {&onlyDefinite};

const CheckInfo unfulfilledWait = {
    .id = "unfulfilled-wait",
    .summary = "a wait for a promise, latch or semaphore that some path never fulfils",
    .message = message,
    .options = options,
};

} // namespace sluice::checker::checks
