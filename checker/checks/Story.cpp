// Words the path to a defect.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/Story.h"

#include <algorithm>

namespace sluice::checker::checks {

using analysis::PrimitiveRef;
using analysis::Step;
using analysis::TaskRef;
using skeleton::Opcode;

const skeleton::Instruction *Story::site() const {
  if (verdict.site.function >= program.functions.size())
    return nullptr;
  const auto &blocks = program.functions[verdict.site.function].blocks;
  if (verdict.site.block >= blocks.size() ||
      verdict.site.index >= blocks[verdict.site.block].code.size())
    return nullptr;
  return &blocks[verdict.site.block].code[verdict.site.index];
}

const TaskRef *Story::culprit() const {
  return verdict.culprit < verdict.tasks.size() ? &verdict.tasks[verdict.culprit] : nullptr;
}

const std::vector<PrimitiveRef> &Story::subjects() const {
  static const std::vector<PrimitiveRef> none;
  if (const TaskRef *task = culprit(); task && !task->on.empty())
    return task->on;
  for (auto step = verdict.witness.rbegin(); step != verdict.witness.rend(); ++step)
    if (!step->on.empty() && (step->task == verdict.culprit || step->kind == Step::Kind::Lost))
      return step->on;
  return none;
}

std::string Story::subject() const {
  for (const PrimitiveRef &primitive : subjects())
    if (primitive.kind == skeleton::PrimitiveKind::Condition)
      return quoted(primitive); // the lock that goes with it is not what is waited for
  if (!subjects().empty())
    return quoted(subjects().front());
  const skeleton::Instruction *at = site();
  return at && !at->name.empty() ? "'" + at->name + "'" : "it";
}

std::string Story::subjectList() const {
  return subjects().empty() ? subject() : quotedList(subjects());
}

std::string Story::leaver() const {
  auto chooses = [&](const Step &step) {
    return step.kind == Step::Kind::SelectArm && step.task != verdict.culprit &&
           step.task < verdict.tasks.size() && !verdict.tasks[step.task].blocked;
  };
  auto last = std::find_if(verdict.witness.rbegin(), verdict.witness.rend(), chooses);
  if (last != verdict.witness.rend())
    return taskName(last->task);
  if (verdict.culprit == 0 || verdict.tasks.empty() || verdict.tasks.front().blocked)
    return {};
  return taskName(0);
}

std::string Story::taskName(uint32_t task) const {
  if (task >= verdict.tasks.size())
    return "a task";
  const std::string &display = verdict.tasks[task].display;
  if (display.empty())
    return "the task";
  if (display == "the client" || display == "another client")
    return display;
  if (!llvm::StringRef(display).starts_with("the task"))
    return "'" + display + "'";
  auto anonymous = [](const TaskRef &other) {
    return llvm::StringRef(other.display).starts_with("the task");
  };
  bool only = std::count_if(verdict.tasks.begin(), verdict.tasks.end(), anonymous) == 1;
  return only ? "the task" : display;
}

/// A mutex that its own task holds is told apart; of several made at one place it holds another.
const TaskRef *Story::blockedOwner(const PrimitiveRef &primitive) const {
  bool another = primitive.kind == skeleton::PrimitiveKind::Mutex && !verdict.ownLock;
  for (const TaskRef &task : verdict.tasks)
    for (const PrimitiveRef &held : task.holds)
      if (task.blocked && !task.follows && !(another && &task == culprit()) &&
          held.makeSite == primitive.makeSite && held.name == primitive.name)
        return &task;
  return nullptr;
}

bool Story::happened(Step::Kind kind) const {
  return std::any_of(verdict.witness.begin(), verdict.witness.end(), [&](const Step &step) {
    return step.kind == kind && !step.on.empty() && !subjects().empty() &&
           step.on.front().makeSite == subjects().front().makeSite;
  });
}

bool Story::othersBlocked() const {
  for (size_t task = 0; task < verdict.tasks.size(); ++task)
    if (task != verdict.culprit && verdict.tasks[task].blocked && !verdict.tasks[task].follows)
      return true;
  return false;
}

findings::Place Story::place(const skeleton::Span &span) const {
  if (!span.valid() || span.file >= program.files.size())
    return {};
  skeleton::Span inFile = span;
  inFile.file = 0;
  return {program.files[span.file], inFile};
}

bool Story::isStep(const std::string &assumption) const {
  return std::any_of(verdict.witness.begin(), verdict.witness.end(), [&](const Step &step) {
    return step.kind == Step::Kind::Branch && step.detail == assumption;
  });
}

std::vector<findings::Note> Story::notes() const {
  std::vector<findings::Note> notes;
  for (const Line &line : lines())
    notes.push_back({place(line.at), line.text, static_cast<uint32_t>(notes.size() + 1)});
  std::string rest;
  for (const std::string &item : verdict.restsOn)
    if (!isStep(item))
      rest += (rest.empty() ? "" : ", ") + item;
  if (!rest.empty())
    notes.push_back({place(verdict.at), "this rests on: " + rest, 0});
  return notes;
}

std::vector<findings::Flow> Story::flows() const {
  std::vector<findings::Flow> flows(verdict.tasks.size());
  for (size_t task = 0; task < flows.size(); ++task)
    flows[task] = {verdict.tasks[task].display, {}, verdict.tasks[task].blocked};
  uint32_t order = 0;
  for (const Line &line : lines())
    if (line.task < flows.size())
      flows[line.task].steps.push_back({place(line.at), line.text, ++order});
  std::erase_if(flows, [](const findings::Flow &flow) { return flow.steps.empty(); });
  return flows;
}

} // namespace sluice::checker::checks
