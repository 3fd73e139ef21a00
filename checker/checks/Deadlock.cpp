// Words tasks that wait for each other or for themselves, in the words users meet.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/Deadlock.h"

#include "checks/Story.h"

namespace sluice::checker::checks {
namespace {

using skeleton::Opcode;

std::string waitOf(const analysis::TaskRef &task) {
  std::string what = task.on.empty() ? "" : quotedList(task.on);
  switch (task.operation) {
  case Opcode::Lock:
    return "lock of " + what;
  case Opcode::Join:
    return "join" + (what.empty() ? " of a task" : " of " + what);
  default:
    return operationNoun(task.operation) + (what.empty() ? "" : " for " + what);
  }
}

/// The task that keeps the culprit waiting, as far as the verdict names one.
std::string partner(const Story &story) {
  for (uint32_t party : story.judged().parties)
    if (party != story.judged().culprit && party < story.judged().tasks.size())
      return story.taskName(party);
  return {};
}

/// "'a' holds it and waits for 'y'", where the owner of an awaited lock is known.
std::string ownerPhrase(const Story &story) {
  if (story.subjects().empty())
    return {};
  const analysis::TaskRef *owner = story.blockedOwner(story.subjects().front());
  if (!owner || owner == story.culprit() || owner->on.empty())
    return {};
  auto index = static_cast<uint32_t>(owner - story.judged().tasks.data());
  return ": " + story.taskName(index) + " holds it and waits for " + quotedList(owner->on);
}

} // namespace

std::string circleMessage(const Story &story) {
  const analysis::TaskRef &task = *story.culprit();
  std::string text = waitOf(task) + ' ' + story.waits();
  if (std::string owner = ownerPhrase(story); !owner.empty())
    return text + owner;
  bool alone = story.judged().parties.size() == 1 && task.operation == Opcode::CounterWait;
  if (alone)
    return waitOf(task) + ' ' + story.blocks() +
           ": only after the wait does this task count it down itself";
  std::string other = partner(story);
  return other.empty() ? text : text + ": " + other + " waits for this task in turn";
}

static const OptionInfo *const options[] = {&onlyDefinite};

const CheckInfo deadlock = {
    .id = "deadlock",
    .summary = "tasks that wait for each other or for themselves",
    .message = circleMessage,
    .options = options,
};

} // namespace sluice::checker::checks
