// Decides who can never run again: stops the world, and has it judged there or in a twin.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "observe/judge.hpp"

#include "core/sanitizer.hpp"
#include "core/timer_heap.hpp"
#include "memory/fault.hpp"
#include "memory/kernel.hpp"
#include "memory/sanitizer_heap.hpp"
#include "memory/twin.hpp"
#include "observe/cycles.hpp"
#include "observe/unwind.hpp"

#include <cstdlib>
#include <mutex>
#include <pthread.h>

namespace sluice::observe {
namespace {

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

/// One step of a judgement; false too if it read what cannot be read.
bool attempt(judgement &j, bool (judgement::*step)()) noexcept {
  struct call {
    judgement &j;
    bool (judgement::*step)();
    bool done = false;
  } c{j, step};
  auto make = [](void *arg) {
    auto &c = *static_cast<call *>(arg);
    c.done = (c.j.*c.step)();
  };
  return memory::without_fault(make, &c) && c.done;
}

/// What is known beside who is stuck.
struct insight {
  bool all_stuck = false;
  const wait_graph *waits = nullptr; // null: nobody asked who waits for each other
};

/// Makes the graph of who waits for each other.
bool look_for_cycles(judgement &j, wait_graph &waits, insight &of) noexcept {
  struct call {
    judgement &j;
    wait_graph &waits;
    insight &of;
  } c{j, waits, of};
  auto make = [](void *arg) {
    auto &c = *static_cast<call *>(arg);
    c.of.all_stuck = all_stuck(c.j);
    find_cycles(c.j, c.waits);
  };
  if (!memory::without_fault(make, &c) || !waits.complete())
    return false;
  of.waits = &waits;
  return true;
}

void copy_stuck(judgement &j, const insight &known, const starters &by_id,
                void (*to)(const seen_task &, void *), void *arg) noexcept {
  for (std::uint32_t i = 0; i < j.waiting().size(); ++i) {
    const parked &p = j.waiting()[i];
    if (p.live)
      continue;
    seen_task seen = look_at(*p.who, by_id);
    seen.judged = verdict::leaked;
    const stuck *s = known.waits ? known.waits->find(*p.who) : nullptr;
    seen.cycle = s ? s->cycle : 0;
    to(seen, arg);
  }
}

void append(const seen_task &t, void *list) { static_cast<seen_list *>(list)->push_back(t); }

/// All but the stuck: `judged` says whether those are known.
void copy_others(const asker &from, const judgement *judged, const starters &known,
                 seen_list &out) noexcept {
  auto add = [&](const core::execution &e) {
    if (&e == from.who || (judged && judged->is_stuck(e)))
      return;
    seen_task seen = look_at(e, known);
    seen.judged = waits(e) ? verdict::maybe : verdict::able;
    out.push_back(seen);
  };
  for_each_task([&](core::task &t) {
    if (in_use(t))
      add(t);
  });
  for_each_seed([&](core::seed &s) { out.push_back(look_at(s, known)); });
  for_each_stopped_thread([&](core::thread_record &t) {
    if (!t.is_own() && waits(t))
      add(t);
  });
}

/// What a twin leaves its parent: the stuck, as they were when the world stood still. Nobody can
/// have changed them since.
class twin_report {
public:
  explicit twin_report(std::size_t most) noexcept
      : most(most), pages(sizeof(header) + most * sizeof(seen_task)) {}
  bool usable() const noexcept { return pages.data() != nullptr; }
  void add(const seen_task &t) noexcept {
    if (head().count < most)
      first()[head().count++] = t;
  }
  void finish(bool all_stuck) noexcept {
    head().all_stuck = all_stuck;
    head().whole = true;
  }
  /// False: the twin did not come to an end.
  bool read(certainty &c, seen_list &out) noexcept {
    if (!head().whole)
      return false;
    c.all_stuck = head().all_stuck;
    for (std::size_t i = 0; i < head().count; ++i)
      out.push_back(first()[i]);
    return true;
  }

private:
  struct alignas(64) header {
    std::size_t count;
    bool all_stuck, whole;
  };
  header &head() noexcept { return *static_cast<header *>(pages.data()); }
  seen_task *first() noexcept { return reinterpret_cast<seen_task *>(&head() + 1); }

  std::size_t most;
  memory::shared_pages pages;
};

/// Small processes are looked through sooner than they are copied.
bool worth_a_twin() noexcept {
  constexpr long few_pages = (64 << 20) / 4096;
  if (memory::under_sanitizer)
    return false;
  char text[128] = {};
  const int fd = memory::kernel_open("/proc/self/statm");
  const ssize_t n = fd < 0 ? 0 : memory::kernel_read(fd, text, sizeof text - 1);
  memory::kernel_close(fd);
  char *end = text;
  static_cast<void>(std::strtol(text, &end, 10));
  return n > 0 && std::strtol(end, nullptr, 10) > few_pages;
}

pid_t judge_in_twin(judgement &j, wanted what, twin_report &to) noexcept {
  struct errand {
    judgement &j;
    wanted what;
    twin_report &to;
  } e{j, what, to};
  return memory::start_twin(
      [](void *arg) {
        auto &e = *static_cast<errand *>(arg);
        wait_graph waits(e.j.memory_graph());
        insight known;
        if (!attempt(e.j, &judgement::run_in_twin) ||
            (e.what == wanted::cycles && !look_for_cycles(e.j, waits, known)))
          return;
        const starters by_id(e.j.has_stuck());
        copy_stuck(
            e.j, known, by_id,
            [](const seen_task &t, void *to) { static_cast<twin_report *>(to)->add(t); }, &e.to);
        e.to.finish(known.all_stuck);
      },
      &e);
}

void judge_in_place(const asker &from, judgement &j, bool prepared, wanted what, certainty &c,
                    seen_list &out) noexcept {
  const bool judged = prepared && attempt(j, &judgement::run);
  wait_graph waits(j.memory_graph());
  insight known;
  if (judged && what == wanted::cycles)
    look_for_cycles(j, waits, known);
  c.all_stuck = known.all_stuck;
  const starters by_id(what == wanted::everyone || (judged && j.has_stuck()));
  if (judged)
    copy_stuck(j, known, by_id, append, &out);
  if (what == wanted::everyone)
    copy_others(from, judged ? &j : nullptr, by_id, out);
}

/// False: a twin was asked, and did not come to an end.
bool judge_once(const asker &from, const known_threads &known, wanted what, bool may_ask_twin,
                certainty &c, seen_list &out) noexcept {
  // Both before the world stops: they take locks of the C library's, or allocate.
  const memory::loaded_objects objects(unwinder());
  const range own_stack = native_stack(pthread_self());
  judgement j(from, known, objects, own_stack);
  pid_t twin = 0;
  alignas(twin_report) std::byte room[sizeof(twin_report)];
  twin_report *answer = nullptr;
  {
    // What is half entered in these lists would be missed.
    const core_lists_held lists;
    memory::stopped_world world;
    c.world_stopped = world.complete();
    const bool prepared =
        c.world_stopped && j.stopped(world.threads()) && attempt(j, &judgement::prepare);
    if (prepared && may_ask_twin && what != wanted::everyone && worth_a_twin()) {
      answer = ::new (room) twin_report(j.waiting().size());
      twin = answer->usable() ? judge_in_twin(j, what, *answer) : 0;
    }
    if (!twin)
      judge_in_place(from, j, prepared, what, c, out);
  }
  const bool done = !twin || (memory::twin_succeeded(twin) && answer->read(c, out));
  if (answer)
    answer->~twin_report();
  return done;
}

// Several run() may end at once, but the world has one stopper.
std::mutex guards_stopping;

} // namespace

certainty judge(const asker &from, seen_list &out, wanted what) noexcept {
  const core::unseen_scope pages; // of raw mappings: TSan does not see that they go and come
  std::lock_guard hold(guards_stopping);
  certainty c;
  c.heap_known = memory::heap_is_known();
  if (!c.heap_known) {
    if (what == wanted::everyone)
      copy_others(from, nullptr, starters(true), out);
    return c;
  }
  known_threads known;
  find_known_threads(known);
  if (!judge_once(from, known, what, true, c, out))
    judge_once(from, known, what, false, c, out);
  return c;
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
