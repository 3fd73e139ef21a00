// Puts a strategy in charge of the scheduler, counts its steps and writes its decisions down.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "explore/explorer.hpp"

#include "core/fatal.hpp"
#include "core/interleaving.hpp"
#include "core/park.hpp"
#include "core/sanitizer.hpp"
#include "core/spinlock.hpp"
#include "explore/strategy.hpp"
#include "explore/trace.hpp"

#include <atomic>
#include <mutex>
#include <unistd.h>

namespace sluice::explore {
namespace {

struct explorer {
  settings how;
  std::unique_ptr<strategy> decides;
  core::spinlock guards_decisions; // a report reads them while the run goes on
  schedule decisions;
  std::string ways; // of each decision, see progress
  trace steps_taken;
  std::atomic<std::uint64_t> steps{0};
  std::atomic<std::uint64_t> guided_steps{0};
  std::atomic<bool> disturbed{false};
};
explorer *the_explorer = nullptr; // set once, before there are tasks; never freed

void end_at_limit(const explorer &e) {
  (core::line() << "step limit: the run has passed " << e.how.max_steps
                << " scheduling points and ends without a verdict; see the option 'max_steps'")
      .write();
  _exit(step_limit_status);
}

/// Writes down which of `n` ways was taken. `preempts`: all but the first interrupt the present
/// task.
std::size_t decided(std::size_t way, std::size_t n, bool preempts) {
  std::lock_guard hold(the_explorer->guards_decisions);
  the_explorer->decisions.add(static_cast<std::uint32_t>(way));
  if (the_explorer->how.kind == search_kind::replay)
    the_explorer->ways += std::to_string(n) + (preempts ? "p" : ".");
  return way;
}

void step(std::uint64_t id) {
  explorer &e = *the_explorer;
  if (e.steps.fetch_add(1, std::memory_order_relaxed) >= e.how.max_steps) // one thread writes it
    end_at_limit(e);
  const core::unseen_scope unseen;
  e.decides->arrived(id);
}

/// Has the trace of a replay written on.
template <class F> void write_trace(F f) {
  if (the_explorer->how.kind != search_kind::replay)
    return;
  const core::unseen_scope unseen;
  std::lock_guard hold(the_explorer->guards_decisions);
  f(the_explorer->steps_taken);
}

std::size_t pick_task(std::span<const core::candidate> those) {
  std::size_t way = 0;
  if (those.size() >= 2)
    way = decided(the_explorer->decides->pick_task(those), those.size(), those.front().present);
  else
    the_explorer->decides->goes_on(those.front());
  write_trace([&](trace &t) { t.add_step(those, way); });
  return way;
}

std::uint32_t pick_case(std::uint32_t n) {
  const core::unseen_scope unseen;
  const std::size_t way = decided(the_explorer->decides->pick_case(n), n, false);
  write_trace([&](trace &t) { t.add_case(n); });
  return static_cast<std::uint32_t>(way);
}

void touched(const void *on) {
  if (on != &core::nothing_shared)
    write_trace([&](trace &t) { t.add_object(on); });
}

void fired() {
  write_trace([](trace &t) { t.add_firing(); });
}

void yielded(std::uint64_t id) {
  const core::unseen_scope unseen;
  the_explorer->decides->yielded(id);
}

void disturbed() { the_explorer->disturbed.store(true, std::memory_order_relaxed); } // a note

void step_followed() {
  the_explorer->guided_steps.fetch_add(1, std::memory_order_relaxed); // a count
}

void tell_divergence(std::size_t place) {
  (core::line() << "replay: the run diverges from the schedule at decision " << place
                << ", which has no such way; from there on the first is taken")
      .write();
}

std::unique_ptr<strategy> strategy_for(settings &s) {
  switch (s.kind) {
  case search_kind::pct:
    return pct(s.seed, s.depth, s.length);
  case search_kind::guided:
    return guided(std::move(s.witness), s.seed, s.lines, step_followed);
  case search_kind::replay:
    return replay(std::move(s.given), tell_divergence);
  default:
    return random_walk(s.seed);
  }
}

std::string options_of(const settings &s, const std::string &decisions) {
  const std::string seed = ":seed=" + std::to_string(s.seed);
  switch (s.kind) {
  case search_kind::random:
    return "explore=random" + seed;
  case search_kind::pct:
    return "explore=pct" + seed + ":depth=" + std::to_string(s.depth) +
           ":length=" + std::to_string(s.length);
  default:
    return "explore=replay:schedule=" + decisions;
  }
}

} // namespace

void begin(settings s) {
  if (s.kind == search_kind::none)
    return;
  the_explorer = new explorer;
  the_explorer->decides = strategy_for(s);
  the_explorer->how = std::move(s);
  core::interleaving = {step, pick_task, pick_case, yielded, touched, fired, disturbed};
}

bool in_search() noexcept { return the_explorer; }

progress so_far() {
  explorer &e = *the_explorer;
  progress p;
  p.seed = e.how.seed;
  p.steps = e.steps.load(std::memory_order_relaxed); // a count
  {
    std::lock_guard hold(e.guards_decisions);
    p.schedule = e.decisions.text();
    p.ways = e.ways;
    p.trace = e.steps_taken.text();
  }
  p.guided_steps = e.guided_steps.load(std::memory_order_relaxed); // a count
  p.options = options_of(e.how, p.schedule);
  p.replayable = !e.disturbed.load(std::memory_order_relaxed); // a note
  return p;
}

} // namespace sluice::explore
