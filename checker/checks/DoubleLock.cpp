// Words locks that a task takes again while it holds them, in the words users meet.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/DoubleLock.h"

#include "checks/Story.h"

namespace sluice::checker::checks {
namespace {

std::string message(const Story &story) {
  std::string what = story.subject();
  return "lock of " + what + ' ' + story.blocks() + ": this task holds " + what + " already";
}

} // namespace

static const OptionInfo *const options[] = {&onlyDefinite};

const CheckInfo doubleLock = {
    .id = "double-lock",
    .summary = "a lock taken again by the task that holds it",
    .message = message,
    .options = options,
};

} // namespace sluice::checker::checks
