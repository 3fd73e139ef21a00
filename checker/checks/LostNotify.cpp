// Words condition waits that no notify may end, in the words users meet.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/LostNotify.h"

#include "checks/Story.h"

namespace sluice::checker::checks {
namespace {

std::string message(const Story &story) {
  return "wait on " + story.subject() + ' ' + story.blocks() + ": no notify comes after it";
}

} // namespace

static const OptionInfo *const options[] = {&onlyDefinite};

const CheckInfo lostNotify = {
    .id = "lost-notify",
    .summary = "a condition wait that no notify may end",
    .message = message,
    .options = options,
};

} // namespace sluice::checker::checks
