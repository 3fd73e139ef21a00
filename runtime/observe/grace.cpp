// Waiting at the end for tasks that could still finish.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "observe/detector.hpp"

#include <chrono>
#include <thread>

namespace sluice::observe {

static bool no_seed_is_left() {
  bool none = true;
  core::for_each_seed(
      [](core::seed &s, void *none) { *static_cast<bool *>(none) &= s.is_background; }, &none);
  return none;
}

static bool no_task_is_left(const core::execution *asker) {
  struct look {
    const core::execution *asker;
    bool none = true;
  } l{asker};
  core::for_each_task(
      [](core::task &t, void *arg) {
        auto &l = *static_cast<look *>(arg);
        auto s = t.state.load(std::memory_order_acquire);
        bool gone = s == core::run_state::free || s == core::run_state::finished;
        l.none = l.none && (gone || t.is_background || &t == l.asker);
      },
      &l);
  return l.none;
}

/// A seed becomes a task, and a task sows seeds before it ends: looked at once in either order, the
/// two lists can miss one that changes over.
static bool nobody_is_left(const core::execution *asker) {
  return no_seed_is_left() && no_task_is_left(asker) && no_seed_is_left() && no_task_is_left(asker);
}

certainty judge_after_grace(const asker &from, unsigned grace_ms, seen_list &out) {
  using namespace std::chrono;
  const auto end = steady_clock::now() + milliseconds(grace_ms);
  for (auto pause = microseconds(200); steady_clock::now() < end; pause += pause / 2) {
    if (nobody_is_left(from.who) || all_at_rest(from.who))
      break;
    // A plain sleep of the thread: the asker is no task here, or the last thing its task does.
    std::this_thread::sleep_for(std::min<nanoseconds>(pause, end - steady_clock::now()));
  }
  return judge(from, out);
}

} // namespace sluice::observe
