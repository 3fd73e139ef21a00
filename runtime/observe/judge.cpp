// Stops the world for a judgement, and copies what was found out of it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "observe/judge.hpp"

#include "observe/judgement.hpp"

#include <mutex>
#include <pthread.h>

namespace sluice::observe {
namespace {

std::mutex guards_stopping;

std::uint32_t cycle_of(const core::execution &e, const wait_graph *waits) noexcept {
  const stuck *s = waits ? waits->find(e) : nullptr;
  return s ? s->cycle : 0;
}

void copy_everyone(const asker &from, seen_list &out, judgement *by,
                   const wait_graph *cycles) noexcept {
  for_each_task([&](core::task &t) {
    if (!in_use(t) || &t == from.who)
      return;
    seen_task seen = look_at(t);
    if (waits(t))
      seen.judged = by && !by->is_live(t) ? verdict::leaked : verdict::maybe;
    seen.cycle = cycle_of(t, cycles);
    out.push_back(seen);
  });
  core::for_each_seed(
      [](core::seed &s, void *list) { static_cast<seen_list *>(list)->push_back(look_at(s)); },
      &out);
  for_each_stopped_thread([&](core::thread_record &t) {
    if (t.is_own() || &t == from.who || !waits(t))
      return;
    seen_task seen = look_at(t);
    seen.judged = by && !by->is_live(t) ? verdict::leaked : verdict::maybe;
    seen.cycle = cycle_of(t, cycles);
    out.push_back(seen);
  });
}

/// Keeps the lists of core whole while nobody can finish changing them.
struct core_lists_held {
  core_lists_held() noexcept {
    core::lock_timers();
    core::lock_registry();
  }
  ~core_lists_held() {
    core::unlock_registry();
    core::unlock_timers();
  }
  core_lists_held(const core_lists_held &) = delete;
};

} // namespace

static certainty judge_locked(const asker &from, seen_list &out, cycles wanted) noexcept {
  const core::unseen_scope pages; // of raw mappings: TSan does not see that they go and come
  // Several run() may end at once, but the world has one stopper.
  std::lock_guard hold(guards_stopping);
  certainty c;
  c.heap_known = memory::heap_is_known();
  memory::mapped_vector<known_thread> known;
  find_known_threads(known);
  if (!c.heap_known) {
    copy_everyone(from, out, nullptr, nullptr);
    return c;
  }
  const range own_stack = native_stack(pthread_self());
  // What is half entered in these lists would be missed.
  const core_lists_held lists;
  memory::stopped_world world;
  c.world_stopped = world.complete();
  judgement j(from, known, world, own_stack);
  bool judged = c.world_stopped && j.run();
  wait_graph waits(j.memory_graph());
  if (judged && wanted == cycles::sought) {
    c.all_stuck = j.all_stuck();
    j.find_cycles(waits);
  }
  copy_everyone(from, out, judged ? &j : nullptr, waits.complete() ? &waits : nullptr);
  return c;
}

certainty judge(const asker &from, seen_list &out, cycles wanted) noexcept {
  struct call {
    const asker &from;
    seen_list &out;
    cycles wanted;
    certainty result;
  } c{from, out, wanted, {}};
  memory::with_loader_locked(
      [](void *arg) {
        auto &c = *static_cast<call *>(arg);
        c.result = judge_locked(c.from, c.out, c.wanted);
      },
      &c);
  return c.result;
}

void with_stopped_world(void (*f)(void *arg), void *arg) noexcept {
  const core::unseen_scope pages; // as above
  std::lock_guard hold(guards_stopping);
  const core_lists_held lists;
  const memory::stopped_world world;
  if (world.complete())
    f(arg);
}

void before_fork() noexcept { guards_stopping.lock(); }

void after_fork() noexcept { guards_stopping.unlock(); }

} // namespace sluice::observe
