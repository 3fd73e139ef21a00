// Words sends on and closes of channels that are closed or nil, in the words users meet.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/ClosedChannel.h"

#include "checks/Story.h"

namespace sluice::checker::checks {
namespace {

bool closes(const Story &story) {
  return story.site() && story.site()->op == skeleton::Opcode::Close;
}

std::string message(const Story &story) {
  std::string what = closes(story) ? "close of " : "send on ";
  std::string state =
      story.happened(analysis::Step::Kind::Close) ? ", which is closed already" : ", which is nil";
  if (story.subjects().empty())
    return what + "a nil channel";
  return what + story.subject() + state;
}

} // namespace

static const OptionInfo *const options[] = {&onlyDefinite};

const CheckInfo closedChannel = {
    .id = "closed-channel",
    .summary = "a send on, or close of, a closed or nil channel",
    .message = message,
    .options = options,
};

} // namespace sluice::checker::checks
