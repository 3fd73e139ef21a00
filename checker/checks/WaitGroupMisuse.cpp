// Words wait groups whose counter never reaches zero or falls below it, in the words users meet.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/WaitGroupMisuse.h"

#include "checks/Story.h"

namespace sluice::checker::checks {
namespace {

std::string message(const Story &story) {
  if (story.judged().defect == analysis::Defect::Misuse)
    return "the counter of " + story.subject() + " falls below zero";
  return "wait for " + story.subject() + ' ' + story.blocks() + ": its counter stays above zero";
}

} // namespace

static const OptionInfo *const options[] = {&onlyDefinite};

const CheckInfo waitGroupMisuse = {
    .id = "wait-group-misuse",
    .summary = "a wait group that is counted down too rarely or too often",
    .message = message,
    .options = options,
};

} // namespace sluice::checker::checks
