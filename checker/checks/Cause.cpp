// Maps verdicts to checks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/Cause.h"

#include <algorithm>

namespace sluice::checker::checks {

using analysis::Defect;
using analysis::PrimitiveRef;
using analysis::TaskRef;
using skeleton::Opcode;
using skeleton::PrimitiveKind;
using skeleton::SelectArm;

namespace {

/// A way out exists then, and nobody uses it.
bool awaitsContext(const std::vector<PrimitiveRef> &primitives) {
  return std::any_of(primitives.begin(), primitives.end(),
                     [](auto &p) { return p.kind == PrimitiveKind::Context; });
}

bool onlySends(const skeleton::Instruction *site) {
  return site && !site->arms.empty() &&
         std::all_of(site->arms.begin(), site->arms.end(),
                     [](const SelectArm &arm) { return arm.kind == SelectArm::Kind::Send; });
}

/// The owner of the awaited lock, where it is another task that waits for something else.
const TaskRef *stuckOwner(const Story &story) {
  const TaskRef *culprit = story.culprit();
  if (!culprit || culprit->operation != Opcode::Lock || story.subjects().empty())
    return nullptr;
  const TaskRef *owner = story.blockedOwner(story.subjects().front());
  return owner && owner != culprit && owner->operation != Opcode::Lock ? owner : nullptr;
}

/// Several tasks wait in a circle, each for a lock that the next one holds.
bool isCircleOfLocks(const analysis::Verdict &verdict) {
  return verdict.parties.size() > 1 &&
         std::all_of(verdict.parties.begin(), verdict.parties.end(), [&](uint32_t party) {
           return party < verdict.tasks.size() && verdict.tasks[party].operation == Opcode::Lock;
         });
}

/// A started task that is to count down what it waits for, after the wait. Of the entry that is
/// just the wrong order.
bool waitsForItsOwnEnd(const analysis::Verdict &verdict) {
  return verdict.defect == Defect::Deadlock && verdict.parties.size() == 1 && verdict.culprit != 0;
}

llvm::StringRef causeOfLock(const Story &story) {
  const TaskRef *culprit = story.culprit();
  if (story.judged().ownLock)
    return "double-lock";
  if (!story.subjects().empty() && story.blockedOwner(story.subjects().front()) == culprit)
    return "double-lock";
  if (stuckOwner(story))
    return "blocking-under-lock";
  return isCircleOfLocks(story.judged()) ? "lock-order-cycle" : "deadlock";
}

llvm::StringRef causeOfMisuse(const Story &story) {
  const skeleton::Instruction *site = story.site();
  if (!site)
    return {};
  switch (site->op) {
  case Opcode::Send:
  case Opcode::Close:
  case Opcode::Select:
    return "closed-channel";
  case Opcode::CounterAdd:
  case Opcode::CounterWait:
    return "wait-group-misuse";
  case Opcode::Unlock:
    return "missing-unlock";
  default:
    return {};
  }
}

llvm::StringRef causeOfBlocking(const Story &story, Opcode operation) {
  switch (operation) {
  case Opcode::Send:
    return "unreceived-send";
  case Opcode::Receive:
    return awaitsContext(story.subjects()) ? "missing-cancellation" : "starved-receive";
  case Opcode::Select:
    if (awaitsContext(story.subjects()))
      return "missing-cancellation";
    return onlySends(story.site()) ? "unreceived-send" : "starved-receive";
  case Opcode::Lock:
    return causeOfLock(story);
  case Opcode::CounterWait:
    return story.othersBlocked() || waitsForItsOwnEnd(story.judged()) ? "deadlock"
                                                                      : "wait-group-misuse";
  case Opcode::WaitEvent:
  case Opcode::Acquire:
    return "unfulfilled-wait";
  case Opcode::Wait:
    return "lost-notify";
  default:
    return "deadlock";
  }
}

} // namespace

llvm::StringRef causeOf(const Story &story) {
  switch (story.judged().defect) {
  case Defect::NeverEnds:
  case Defect::UncalledCancel:
    return "missing-cancellation";
  case Defect::KeptLock:
    return "missing-unlock";
  case Defect::UnjoinedTask:
    return "unjoined-task";
  case Defect::OutlivedLocal:
    return "dangling-capture";
  case Defect::UntrackedTask:
    return "untracked-task";
  case Defect::OneResult:
    return "async-api";
  case Defect::Misuse:
    return causeOfMisuse(story);
  case Defect::BlockedForever:
  case Defect::Deadlock:
    break;
  }
  const TaskRef *culprit = story.culprit();
  return culprit ? causeOfBlocking(story, culprit->operation) : llvm::StringRef();
}

skeleton::Span placeOf(const Story &story) {
  bool blocked =
      story.judged().defect == Defect::BlockedForever || story.judged().defect == Defect::Deadlock;
  const TaskRef *owner = blocked ? stuckOwner(story) : nullptr;
  return owner && owner->blockedAt.valid() ? owner->blockedAt : story.judged().at;
}

} // namespace sluice::checker::checks
