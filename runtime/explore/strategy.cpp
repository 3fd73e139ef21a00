// The strategies: a random walk, random priorities, and a schedule that is given.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "explore/strategy.hpp"

#include <unordered_map>
#include <utility>
#include <vector>

namespace sluice::explore {

std::uint64_t generator::next() {
  std::uint64_t z = state += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

namespace {

class random_strategy : public strategy {
public:
  explicit random_strategy(std::uint64_t seed) : numbers(seed) {}
  std::size_t pick_task(std::span<const core::candidate> those) override {
    return numbers.below(those.size());
  }
  std::uint32_t pick_case(std::uint32_t n) override {
    return static_cast<std::uint32_t>(numbers.below(n));
  }

private:
  generator numbers;
};

class pct_strategy : public strategy {
public:
  pct_strategy(std::uint64_t seed, unsigned depth, std::uint64_t length) : numbers(seed) {
    for (unsigned i = 1; i < depth; ++i)
      changes.push_back(1 + numbers.below(length));
  }

  std::size_t pick_task(std::span<const core::candidate> those) override {
    ++step;
    if (those.front().present)
      see_present(those.front().id);
    std::size_t best = 0;
    for (std::size_t i = 1; i < those.size(); ++i)
      if (priority(those[i].id) > priority(those[best].id))
        best = i;
    if (best != 0 || !those.front().present)
      turns = 0;
    return best;
  }
  std::uint32_t pick_case(std::uint32_t n) override {
    return static_cast<std::uint32_t>(numbers.below(n));
  }
  void yielded(std::uint64_t id) override { sink(id); }

private:
  // A task that polls would keep the others out for ever otherwise.
  static constexpr unsigned longest_turn = 200;

  void see_present(std::uint64_t id) {
    for (const std::uint64_t change : changes)
      if (change == step)
        sink(id);
    if (++turns >= longest_turn) {
      sink(id);
      turns = 0;
    }
  }
  void sink(std::uint64_t id) { priorities[id] = --lowest; }
  std::int64_t priority(std::uint64_t id) {
    const auto [at, is_new] = priorities.try_emplace(id, 0);
    if (is_new)
      at->second = static_cast<std::int64_t>(numbers.next() >> 2); // above all that have sunk
    return at->second;
  }

  generator numbers;
  std::vector<std::uint64_t> changes; // the steps at which the present task sinks
  std::unordered_map<std::uint64_t, std::int64_t> priorities;
  std::int64_t lowest = 0;
  std::uint64_t step = 0;
  unsigned turns = 0; // of the present task, one after the other
};

class replay_strategy : public strategy {
public:
  replay_strategy(schedule s, void (*on_divergence)(std::size_t))
      : given(std::move(s)), on_divergence(on_divergence) {}
  std::size_t pick_task(std::span<const core::candidate> those) override {
    return next(those.size());
  }
  std::uint32_t pick_case(std::uint32_t n) override { return static_cast<std::uint32_t>(next(n)); }

private:
  std::size_t next(std::size_t ways) {
    const std::size_t way = given.at(place++);
    if (way < ways)
      return way;
    if (!std::exchange(diverged, true))
      on_divergence(place - 1);
    return 0;
  }

  schedule given;
  std::size_t place = 0;
  bool diverged = false;
  void (*on_divergence)(std::size_t);
};

} // namespace

std::unique_ptr<strategy> random_walk(std::uint64_t seed) {
  return std::make_unique<random_strategy>(seed);
}
std::unique_ptr<strategy> pct(std::uint64_t seed, unsigned depth, std::uint64_t length) {
  return std::make_unique<pct_strategy>(seed, depth, length);
}
std::unique_ptr<strategy> replay(schedule s, void (*on_divergence)(std::size_t)) {
  return std::make_unique<replay_strategy>(std::move(s), on_divergence);
}

} // namespace sluice::explore
