// Words tasks that can outlive a local they refer to, in the words users meet.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/DanglingCapture.h"

#include "checks/Story.h"

namespace sluice::checker::checks {
namespace {

std::string message(const Story &story) {
  return story.taskName(story.judged().culprit) + " can outlive '" + story.judged().subject +
         "', which it refers to: nothing waits for it first";
}

} // namespace

const CheckInfo danglingCapture = {
    .id = "dangling-capture",
    .summary = "a task that can outlive a local it holds by reference",
    .message = message,
};

} // namespace sluice::checker::checks
