// Words each step of a witness, and joins steps that read as one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/Story.h"

#include <algorithm>

namespace sluice::checker::checks {

using analysis::Defect;
using analysis::PrimitiveRef;
using analysis::Step;
using analysis::TaskRef;
using skeleton::Opcode;
using skeleton::PrimitiveKind;

namespace {

std::string madePhrase(const Step &step) {
  const PrimitiveRef &made = step.on.front();
  std::string text = quoted(made) + " is made";
  if (made.kind != PrimitiveKind::Channel || made.capacity < 0)
    return text;
  if (made.capacity == 0)
    return text + " without a buffer";
  return text + " with a buffer of " + std::to_string(made.capacity);
}

std::string armPhrase(const Step &step) {
  if (step.on.empty())
    return "takes the timeout";
  switch (step.on.front().kind) {
  case PrimitiveKind::Timer:
    return "takes the timeout";
  case PrimitiveKind::Context:
    return "sees " + quoted(step.on.front()) + " end";
  default:
    return "takes the case of " + quoted(step.on.front());
  }
}

/// The verb of a step that works on a primitive; empty for the others.
llvm::StringRef verb(Step::Kind kind) {
  switch (kind) {
  case Step::Kind::Send:
    return "sends on";
  case Step::Kind::Receive:
    return "receives from";
  case Step::Kind::Close:
    return "closes";
  case Step::Kind::Lock:
    return "locks";
  case Step::Kind::Unlock:
    return "unlocks";
  case Step::Kind::Wait:
    return "waits on";
  case Step::Kind::Notify:
    return "notifies";
  case Step::Kind::Count:
    return "changes the counter of";
  case Step::Kind::Acquire:
    return "acquires";
  case Step::Kind::Release:
    return "releases";
  case Step::Kind::Set:
    return "sets";
  case Step::Kind::Cancel:
    return "cancels";
  default:
    return {};
  }
}

/// Steps that only make sense together with the one before them.
bool continues(Step::Kind kind) {
  return kind == Step::Kind::Return || kind == Step::Kind::End || kind == Step::Kind::Blocked;
}

} // namespace

uint32_t Story::startedBy(const Step &step) const {
  for (uint32_t task = 1; task < verdict.tasks.size(); ++task)
    if (verdict.tasks[task].startedAt == step.at)
      return task;
  return step.task;
}

std::string Story::whyNothingWakes() const {
  const TaskRef *task = culprit();
  bool waits = verdict.defect <= Defect::UncalledCancel;
  if (!task || !waits || subjects().empty())
    return {};
  bool several = subjects().size() > 1;
  std::string what = several ? "them" : subject();
  if (subjects().front().kind == PrimitiveKind::Context)
    return "nothing else can cancel " + what;
  switch (task->operation) {
  case Opcode::Send:
    return "nothing else can receive from " + what;
  case Opcode::Receive:
  case Opcode::Select:
    return "nothing else can send to " + what + " or close " + (several ? "them" : "it");
  case Opcode::WaitEvent:
    return "nothing else can set " + what;
  case Opcode::Acquire:
    return "nothing else can release " + what;
  case Opcode::Wait:
    return "nothing else can notify " + subject();
  default:
    return {};
  }
}

std::string Story::operationPhrase() const {
  const skeleton::Instruction *at = site();
  switch (at ? at->op : Opcode::Yield) {
  case Opcode::Close:
    return "closes " + subject() + " and gets an error";
  case Opcode::Send:
  case Opcode::Select:
    return "sends on " + subject() + " and gets an error";
  case Opcode::CounterAdd:
    return "counts " + subject() + " down and gets an error";
  case Opcode::Unlock:
    return "unlocks " + subject() + " without holding it";
  default:
    return "uses " + subject() + " and gets an error";
  }
}

std::string Story::blockedPhrase(const Step &step) const {
  if (step.task >= verdict.tasks.size())
    return "waits for ever";
  const TaskRef &task = verdict.tasks[step.task];
  if (verdict.defect == Defect::Misuse)
    return operationPhrase();
  if (task.operation == Opcode::Wait)
    return "waits for ever for a notify";
  const std::vector<PrimitiveRef> &on = task.on.empty() ? step.on : task.on;
  std::string what = on.empty() ? "" : " " + quotedList(on);
  switch (task.operation) {
  case Opcode::Send:
    return "sends and waits for ever";
  case Opcode::Receive:
    return "waits for ever to receive" + (what.empty() ? what : " from" + what);
  case Opcode::Select:
    return "waits for ever in select" + (what.empty() ? what : " on" + what);
  case Opcode::Lock:
    return "waits for ever to lock" + what;
  case Opcode::Acquire:
    return "waits for ever to acquire" + what;
  default:
    return "waits for ever" + (what.empty() ? what : " for" + what);
  }
}

std::string Story::phrase(const Step &step) const {
  std::string who = taskName(step.task) + ' ';
  std::string on = step.on.empty() ? "" : ' ' + quoted(step.on.front());
  switch (step.kind) {
  case Step::Kind::Make:
    return step.on.empty() ? "" : madePhrase(step);
  case Step::Kind::Start:
    return taskName(startedBy(step)) + " starts";
  case Step::Kind::ReceiveClosed:
    return who + "finds" + on + " closed";
  case Step::Kind::SelectArm:
    return who + armPhrase(step);
  case Step::Kind::SelectOtherwise:
    return who + "takes the default case";
  case Step::Kind::Join:
    return who + "joins" + (on.empty() ? " a task" : on);
  case Step::Kind::TimerFires:
    return "time is up";
  case Step::Kind::Branch:
    return step.detail.empty() ? "" : "assume that " + step.detail;
  case Step::Kind::Construct:
    return who + "makes a '" + step.detail + "'";
  case Step::Kind::Destroy:
    return who + "destroys the '" + step.detail + "'";
  case Step::Kind::Call:
    return step.detail.empty() ? "" : who + "calls '" + step.detail + "'";
  case Step::Kind::Return:
    return who + "returns";
  case Step::Kind::End:
    return who + (step.task == 0 ? "returns" : "ends");
  case Step::Kind::Blocked:
    return who + blockedPhrase(step);
  case Step::Kind::HandleEnd:
    return who + "lets the handle go, neither joined nor detached";
  case Step::Kind::LocalEnd:
    return "'" + step.detail + "' lives here, and ends with its scope";
  case Step::Kind::Lost:
    return step.on.empty() ? "nothing holds it any more" : "nothing holds" + on + " any more";
  default:
    return who + verb(step.kind).str() + (on.empty() ? " it" : on) +
           (step.times > 1 ? " (" + std::to_string(step.times) + " times in all)" : "");
  }
}

bool Story::saysMore(const Step &step) const {
  return step.kind != Step::Kind::Lost || verdict.defect == Defect::UncalledCancel ||
         whyNothingWakes().empty();
}

std::vector<Story::Line> Story::lines() const {
  std::vector<Line> lines;
  for (const Step &step : verdict.witness) {
    std::string text = saysMore(step) ? phrase(step) : "";
    if (text.empty())
      continue;
    std::string who = taskName(step.task) + ' ';
    bool joins = !lines.empty() && lines.back().task == step.task && continues(step.kind) &&
                 llvm::StringRef(lines.back().text).starts_with(who) &&
                 lines.back().text.find(" and ") == std::string::npos &&
                 step.kind != Step::Kind::Blocked;
    if (joins)
      lines.back().text += " and " + text.substr(who.size());
    else
      lines.push_back({step.task, step.at, text, &step});
  }
  std::string why = whyNothingWakes();
  auto last = std::find_if(lines.rbegin(), lines.rend(),
                           [&](const Line &line) { return line.task == verdict.culprit; });
  if (!why.empty() && last != lines.rend())
    last->text += "; " + why;
  return lines;
}

} // namespace sluice::checker::checks
