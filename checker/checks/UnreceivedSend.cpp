// Words sends that nobody may ever receive, in the words users meet.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/UnreceivedSend.h"

#include "checks/Story.h"

namespace sluice::checker::checks {
namespace {

std::string message(const Story &story) {
  std::string who = "send on " + story.subjectList();
  if (story.subjects().empty())
    return "send on a nil channel " + story.blocks();
  if (!story.definite() && !story.leaver().empty())
    return who + " blocks for ever if " + story.leaver() + " stops waiting first";
  return who + ' ' + story.blocks();
}

} // namespace

const OptionInfo bufferFixes{"BufferFixes", OptionKind::Flag, "true",
                             "offer buffers as fixes, and not only that the send gives up"};

static const OptionInfo *const options[] = {&bufferFixes, &fixes, &onlyDefinite};

const CheckInfo unreceivedSend = {
    .id = "unreceived-send",
    .summary = "a send that can block for ever because no receiver is left",
    .message = message,
    .options = options,
};

} // namespace sluice::checker::checks
