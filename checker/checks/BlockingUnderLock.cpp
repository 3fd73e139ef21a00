// Words waits under a lock that the other side needs first, in the words users meet.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/BlockingUnderLock.h"

#include "checks/Story.h"

namespace sluice::checker::checks {
namespace {

std::string message(const Story &story) {
  const analysis::TaskRef *owner = story.blockedOwner(story.subjects().front());
  std::string what = operationNoun(owner->operation);
  if (!owner->on.empty())
    what += " on " + quotedList(owner->on);
  return what + " under " + story.subject() + ' ' + story.blocks() + ": " +
         story.taskName(story.judged().culprit) + " needs " + story.subject() + " first";
}

} // namespace

static const OptionInfo *const options[] = {&fixes, &onlyDefinite};

const CheckInfo blockingUnderLock = {
    .id = "blocking-under-lock",
    .summary = "a send, receive, wait or join under a lock that the other side needs first",
    .message = message,
    .options = options,
};

} // namespace sluice::checker::checks
