// The strategy that follows a guide where it can and walks at random elsewhere.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A guide names less than a run does: it leaves out tasks that it does not know, and what those
// that it knows do on their way to its places. So who is at the place of the next step takes it;
// until somebody is, all go on that are at no place of the guide; and when only those are left to
// which the guide comes later, the steps before theirs are given up: they were no operations, or
// this run cannot do them.
#include "explore/guide.hpp"
#include "explore/strategy.hpp"

#include <limits>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sluice::explore {
namespace {

constexpr std::size_t no_step = std::numeric_limits<std::size_t>::max();

class guided_strategy : public strategy {
public:
  guided_strategy(guide g, std::uint64_t seed, lines_of_caller lines, void (*on_step)())
      : given(std::move(g)), doers(given.lanes), numbers(seed), lines(lines), on_step(on_step) {}

  void arrived(std::uint64_t id) override {
    std::vector<std::size_t> &found = places[id];
    found.clear();
    if (next == given.steps.size())
      return;
    const std::vector<code_line> stack = lines();
    for (std::size_t step = next; step < given.steps.size(); ++step)
      for (const code_line &line : stack)
        if (given.steps[step].is_at(line)) {
          found.push_back(step);
          break;
        }
  }

  std::size_t pick_task(std::span<const core::candidate> those) override {
    std::vector<std::size_t> best;
    for (std::size_t way = 0; way < those.size(); ++way) {
      if (!best.empty() && rank(those[way]) < rank(those[best.front()]))
        best.clear();
      if (best.empty() || rank(those[way]) == rank(those[best.front()]))
        best.push_back(way);
    }
    const std::size_t way = best[numbers.below(best.size())];
    goes_on(those[way]);
    return way;
  }

  void goes_on(const core::candidate &c) override {
    const std::size_t step = step_of(c);
    places.erase(c.id);
    if (step == no_step)
      return;
    doers[given.steps[step].lane] = c.id;
    next = step + 1;
    on_step();
  }

  std::uint32_t pick_case(std::uint32_t n) override {
    return static_cast<std::uint32_t>(numbers.below(n));
  }

private:
  /// Whom to prefer: the lower.
  std::size_t rank(const core::candidate &c) const {
    const std::size_t step = step_of(c);
    return step == next ? 0 : step == no_step ? 1 : 2 + step;
  }

  /// The first step still to be done that `c` does if it goes on.
  std::size_t step_of(const core::candidate &c) const {
    const auto at = places.find(c.id);
    if (c.resumes || at == places.end())
      return no_step;
    for (const std::size_t step : at->second)
      if (step >= next && may_do(c.id, given.steps[step].lane))
        return step;
    return no_step;
  }

  bool may_do(std::uint64_t id, std::size_t lane) const {
    if (doers[lane])
      return *doers[lane] == id;
    for (const std::optional<std::uint64_t> &doer : doers)
      if (doer == id)
        return false;
    return true;
  }

  guide given;
  std::size_t next = 0;                                               // step
  std::vector<std::optional<std::uint64_t>> doers;                    // of each lane
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> places; // the steps there, of a task
  generator numbers;
  lines_of_caller lines;
  void (*on_step)();
};

} // namespace

std::unique_ptr<strategy> guided(guide g, std::uint64_t seed, lines_of_caller lines,
                                 void (*on_step)()) {
  return std::make_unique<guided_strategy>(std::move(g), seed, lines, on_step);
}

} // namespace sluice::explore
