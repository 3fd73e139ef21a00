// Decides who can never run again: stops the world, and has it judged there or in a twin.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "observe/judge.hpp"

#include "core/scheduler.hpp"
#include "core/timer_heap.hpp"
#include "memory/fault.hpp"
#include "memory/kernel.hpp"
#include "memory/sanitizer_heap.hpp"
#include "memory/twin.hpp"
#include "observe/judgement.hpp"
#include "observe/unwind.hpp"

#include <cstdlib>
#include <mutex>
#include <pthread.h>

namespace sluice::observe {
namespace {

memory::range native_stack(pthread_t thread) noexcept {
  pthread_attr_t attributes;
  void *bottom = nullptr;
  std::size_t size = 0;
  if (pthread_getattr_np(thread, &attributes) != 0)
    return {};
  pthread_attr_getstack(&attributes, &bottom, &size);
  pthread_attr_destroy(&attributes);
  const auto begin = reinterpret_cast<std::uintptr_t>(bottom);
  return {begin, begin + size};
}

/// Before the world stops: the look at a thread's attributes allocates.
void find_scheduler_threads(scheduler_threads &out) noexcept {
  core::for_each_thread(
      [](core::thread_record &t, void *arg) {
        if (t.is_worker)
          static_cast<scheduler_threads *>(arg)->push_back(
              {t.kernel_id, native_stack(t.handle), &t});
      },
      &out);
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

void copy_leaked(judgement &j, const starters &known, void (*to)(const seen_task &, void *),
                 void *arg) noexcept {
  for (const waiting_task &w : j.waiting()) {
    if (w.live)
      continue;
    seen_task seen = look_at(*w.task, known);
    seen.judged = verdict::leaked;
    to(seen, arg);
  }
}

void append(const seen_task &t, void *list) { static_cast<seen_list *>(list)->push_back(t); }

/// All but the leaked: `judged` says whether those are known.
void copy_others(const asker &from, judgement *judged, const starters &known,
                 seen_list &out) noexcept {
  struct look {
    const asker &from;
    judgement *judged;
    const starters &known;
    seen_list &out;
  } l{from, judged, known, out};
  core::for_each_task(
      [](core::task &t, void *arg) {
        auto &l = *static_cast<look *>(arg);
        if (!in_use(t) || &t == l.from.who || (l.judged && l.judged->is_leaked(t)))
          return;
        seen_task seen = look_at(t, l.known);
        seen.judged = waits(t) ? verdict::maybe : verdict::able;
        l.out.push_back(seen);
      },
      &l);
  core::for_each_seed(
      [](core::seed &s, void *arg) {
        auto &l = *static_cast<look *>(arg);
        l.out.push_back(look_at(s, l.known));
      },
      &l);
  core::for_each_stopped_thread(
      [](core::thread_record &t, void *arg) {
        auto &l = *static_cast<look *>(arg);
        if (t.is_worker || t.is_pool || &t == l.from.who || !waits(t))
          return;
        seen_task seen = look_at(t, l.known);
        seen.judged = verdict::maybe;
        l.out.push_back(seen);
      },
      &l);
}

/// What a twin leaves its parent: the leaked, as they were when the world stood still. Nobody can
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
  void finish() noexcept { head().whole = true; }
  /// False: the twin did not come to an end.
  bool read(seen_list &out) noexcept {
    if (!head().whole)
      return false;
    for (std::size_t i = 0; i < head().count; ++i)
      out.push_back(first()[i]);
    return true;
  }

private:
  struct alignas(64) header {
    std::size_t count;
    bool whole;
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

pid_t judge_in_twin(judgement &j, twin_report &to) noexcept {
  struct errand {
    judgement &j;
    twin_report &to;
  } e{j, to};
  return memory::start_twin(
      [](void *arg) {
        auto &e = *static_cast<errand *>(arg);
        if (!attempt(e.j, &judgement::run_in_twin))
          return;
        const starters known(e.j.has_leaks());
        copy_leaked(
            e.j, known,
            [](const seen_task &t, void *to) { static_cast<twin_report *>(to)->add(t); }, &e.to);
        e.to.finish();
      },
      &e);
}

void judge_in_place(const asker &from, judgement &j, bool prepared, wanted what,
                    seen_list &out) noexcept {
  const bool judged = prepared && attempt(j, &judgement::run);
  const starters known(what == wanted::everyone || (judged && j.has_leaks()));
  if (judged)
    copy_leaked(j, known, append, &out);
  if (what == wanted::everyone)
    copy_others(from, judged ? &j : nullptr, known, out);
}

/// False: a twin was asked, and did not come to an end.
bool judge_once(const asker &from, const scheduler_threads &workers, wanted what, bool may_ask_twin,
                certainty &c, seen_list &out) noexcept {
  const memory::loaded_objects objects(
      unwinder()); // before the world stops: takes a lock of the linker's
  judgement j(from, workers, objects);
  pid_t twin = 0;
  std::size_t most = 0;
  alignas(twin_report) std::byte room[sizeof(twin_report)];
  twin_report *answer = nullptr;
  {
    // What is half entered in these lists would be missed.
    const core_lists_held lists;
    memory::stopped_world world;
    c.world_stopped = world.complete();
    const bool prepared =
        c.world_stopped && j.stopped(world.threads()) && attempt(j, &judgement::prepare);
    if (prepared && may_ask_twin && what == wanted::leaked && worth_a_twin()) {
      most = j.waiting().size();
      answer = ::new (room) twin_report(most);
      twin = answer->usable() ? judge_in_twin(j, *answer) : 0;
    }
    if (!twin)
      judge_in_place(from, j, prepared, what, out);
  }
  const bool done = !twin || (memory::twin_succeeded(twin) && answer->read(out));
  if (answer)
    answer->~twin_report();
  return done;
}

} // namespace

certainty judge(const asker &from, seen_list &out, wanted what) noexcept {
  // Several run() may end at once, but the world has one stopper.
  static std::mutex guards_stopping;
  std::lock_guard hold(guards_stopping);
  certainty c;
  c.heap_known = memory::heap_is_known();
  if (!c.heap_known) {
    if (what == wanted::everyone)
      copy_others(from, nullptr, starters(true), out);
    return c;
  }
  scheduler_threads workers;
  find_scheduler_threads(workers);
  if (!judge_once(from, workers, what, true, c, out))
    judge_once(from, workers, what, false, c, out);
  return c;
}

} // namespace sluice::observe
