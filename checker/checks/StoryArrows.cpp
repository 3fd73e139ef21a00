// Pairs the steps of a witness by which one task reaches another: messages, starts, wake-ups.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/Story.h"

#include <deque>
#include <map>

namespace sluice::checker::checks {

using analysis::PrimitiveRef;
using analysis::Step;
using skeleton::PrimitiveKind;

/// Walks the lines in order and remembers what is under way. A pair whose two sides the witness
/// does not tell apart gives no arrow.
class Story::ArrowSearch {
public:
  explicit ArrowSearch(const Story &story) : story(story) {}

  void visit(const Line &line, uint32_t order);
  std::vector<findings::Arrow> take() { return std::move(arrows); }

private:
  struct Origin {
    uint32_t order = 0;
    uint32_t task = 0;
  };
  using Key = std::pair<skeleton::InstructionRef, std::string>;
  static Key key(const PrimitiveRef &on) { return {on.makeSite, on.name}; }

  void start(const Step &step);
  void use(const Step &step, const PrimitiveRef &on);
  void receive(const PrimitiveRef &on);
  void arm(const Step &step, const PrimitiveRef &on);
  void wakenBy(const std::map<Key, Origin> &origins, const PrimitiveRef &on, const char *what);
  void draw(const Origin &from, const char *what);
  const skeleton::SelectArm *chosenArm(const Step &step) const;

  const Story &story;
  Origin here;
  std::map<uint32_t, Origin> starts; ///< by the task that is started and has done nothing yet
  std::map<skeleton::Span, uint32_t> lastStarted;
  std::map<Key, std::deque<Origin>> sends;
  std::map<Key, Origin> closes, signals;
  std::vector<findings::Arrow> arrows;
};

void Story::ArrowSearch::draw(const Origin &from, const char *what) {
  if (from.task != here.task)
    arrows.push_back({from.order, here.order, what});
}

/// Tasks that are started at one place are started in the order of their numbers.
void Story::ArrowSearch::start(const Step &step) {
  uint32_t &last = lastStarted[step.at];
  for (uint32_t task = last + 1; task < story.verdict.tasks.size(); ++task)
    if (story.verdict.tasks[task].startedAt == step.at) {
      starts[task] = here;
      last = task;
      return;
    }
}

void Story::ArrowSearch::receive(const PrimitiveRef &on) {
  auto &waiting = sends[key(on)];
  if (waiting.empty())
    return;
  draw(waiting.front(), "send");
  waiting.pop_front();
}

const skeleton::SelectArm *Story::ArrowSearch::chosenArm(const Step &step) const {
  if (step.function >= story.program.functions.size())
    return nullptr;
  for (const skeleton::Block &block : story.program.functions[step.function].blocks)
    for (const skeleton::Instruction &instruction : block.code)
      if (instruction.op == skeleton::Opcode::Select && step.arm < instruction.arms.size() &&
          (instruction.at == step.at || instruction.arms[step.arm].at == step.at))
        return &instruction.arms[step.arm];
  return nullptr;
}

void Story::ArrowSearch::arm(const Step &step, const PrimitiveRef &on) {
  if (on.kind == PrimitiveKind::Context)
    return wakenBy(signals, on, "signal");
  const skeleton::SelectArm *chosen = chosenArm(step);
  if (!chosen || on.kind != PrimitiveKind::Channel)
    return;
  if (chosen->kind == skeleton::SelectArm::Kind::Send)
    sends[key(on)].push_back(here);
  else if (chosen->kind == skeleton::SelectArm::Kind::Receive)
    sends[key(on)].empty() ? wakenBy(closes, on, "close") : receive(on);
}

void Story::ArrowSearch::wakenBy(const std::map<Key, Origin> &origins, const PrimitiveRef &on,
                                 const char *what) {
  if (auto origin = origins.find(key(on)); origin != origins.end())
    draw(origin->second, what);
}

void Story::ArrowSearch::use(const Step &step, const PrimitiveRef &on) {
  switch (step.kind) {
  case Step::Kind::Send:
    sends[key(on)].push_back(here);
    return;
  case Step::Kind::Receive:
    return receive(on);
  case Step::Kind::SelectArm:
    return arm(step, on);
  case Step::Kind::Close:
    closes[key(on)] = here;
    return;
  case Step::Kind::ReceiveClosed:
    return wakenBy(closes, on, "close");
  case Step::Kind::Notify:
  case Step::Kind::Set:
  case Step::Kind::Release:
  case Step::Kind::Cancel:
    signals[key(on)] = here;
    return;
  case Step::Kind::Wait:
  case Step::Kind::Acquire:
    return wakenBy(signals, on, "signal");
  default:
    return;
  }
}

void Story::ArrowSearch::visit(const Line &line, uint32_t order) {
  here = {order, line.task};
  if (auto origin = starts.find(line.task); origin != starts.end()) {
    draw(origin->second, "start");
    starts.erase(origin);
  }
  if (line.step->kind == Step::Kind::Start)
    start(*line.step);
  else if (!line.step->on.empty())
    use(*line.step, line.step->on.front());
}

std::vector<findings::Arrow> Story::arrows() const {
  ArrowSearch search(*this);
  uint32_t order = 0;
  std::vector<Line> all = lines();
  for (const Line &line : all)
    if (line.task < verdict.tasks.size())
      search.visit(line, ++order);
  return search.take();
}

} // namespace sluice::checker::checks
