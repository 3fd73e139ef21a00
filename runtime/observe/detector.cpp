// When to look, what to make of it, and what becomes of the process.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "observe/detector.hpp"

#include "core/fork.hpp"
#include "core/park.hpp"
#include "observe/deadlock.hpp"
#include "observe/describe.hpp"
#include "observe/flush.hpp"
#include "observe/keep.hpp"
#include "observe/lock_order.hpp"
#include "observe/watch.hpp"
#include "observe/words.hpp"
#include "report/suppressions.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <new>
#include <pthread.h>
#include <set>
#include <unistd.h>
#include <utility>
#include <vector>

namespace sluice::observe {
namespace {

/// All that lives as long as the process; never destroyed, since findings come late.
struct books {
  settings chosen;
  report::suppressions suppressed;
  std::unique_ptr<report::output> out;
  std::recursive_mutex guards_all;
  report::report found;
  std::set<std::uint64_t> told;      // ids of tasks already reported
  std::set<std::string> told_orders; // lock-order cycles by their places
  // Locks that outlasted their holder, or went before it, until the other end is seen too.
  std::set<std::pair<const core::primitive *, const core::execution *>> kept_locks;
  bool has_deferred = false; // deadlocks that are told when the searched run ends
  std::atomic<bool> finished{false};
  bool is_silent = false; // a child of fork without tasks of its own
};
books *the_books = nullptr;

// The child has copies of books that somebody may have been writing. It reports nothing of its
// parent's, and what it does itself only once it has a scheduler of its own.
void forget_in_child() {
  books &b = *the_books;
  new (&b.guards_all) std::recursive_mutex;
  b.finished = b.is_silent = true;
  after_fork();
  forget_watch();
}

void handle_forks() {
  core::handle_forks(); // whose locks are taken after these
  pthread_atfork(
      [] {
        the_books->guards_all.lock();
        before_fork();
      },
      [] {
        after_fork();
        the_books->guards_all.unlock();
      },
      forget_in_child);
}

bool is_search(const books &b) { return b.chosen.search_state != nullptr; }

void note_search(books &b) {
  if (b.chosen.search_state)
    b.found.search = b.chosen.search_state();
}

void add(books &b, report::report &&fresh) {
  std::erase_if(fresh.findings, [&](const report::finding &f) { return b.suppressed.cover(f); });
  report::group_equal_tasks(fresh);
  for (report::finding &f : fresh.findings)
    b.found.findings.push_back(std::move(f));
  note_search(b);
  b.out->update(b.found);
}

bool changes_status(const books &b) {
  report::totals n = report::count(b.found);
  return n.leaked || n.deadlocks || n.lock_order_cycles || n.misuses ||
         (b.chosen.strict && n.unfinished);
}

report::finding waiting_finding(const seen_task &t) {
  bool leaked = t.judged == verdict::leaked;
  report::finding f;
  f.kind = leaked ? report::finding_kind::leak : report::finding_kind::unfinished;
  f.check = check_for_wait(t);
  f.why = leaked ? why_leaked(t) : "";
  f.tasks.push_back(describe(t, leaked));
  return f;
}

bool shown(const books &b, const seen_task &t, bool at_exit) {
  if (t.judged == verdict::leaked)
    return true;
  if (!at_exit || t.is_background || b.chosen.report_unfinished == unfinished_shown::none)
    return false;
  return b.chosen.report_unfinished == unfinished_shown::all ||
         (t.judged == verdict::maybe && !t.sleeps);
}

void report_left(books &b, seen_list &seen, bool at_exit) {
  report::report fresh;
  for (const seen_task &t : seen)
    if (t.is_task && shown(b, t, at_exit) && b.told.insert(t.id).second)
      fresh.findings.push_back(waiting_finding(t));
  add(b, std::move(fresh));
}

void note_limits(books &b, const certainty &c) {
  if (lock_orders_are_cut())
    b.found.notes.push_back("there are too many lock orders, so not all of them were judged");
  if (c.complete() || b.found.findings.empty())
    return;
  b.found.notes.push_back(c.heap_known
                              ? "some thread could not be stopped, so no task is called leaked"
                              : "another allocator is in use, so no task is called leaked");
}

[[noreturn]] void end_process(books &b) {
  b.finished = true;
  b.out->finish(b.found);
  flush_all();
  if (b.chosen.on_deadlock == deadlock_action::abort)
    std::abort();
  _exit(b.chosen.exitcode);
}

void add_deadlock(books &b, report::finding &&f) {
  std::lock_guard hold(b.guards_all);
  std::erase_if(f.tasks, [&](const report::task_entry &t) { return !b.told.insert(t.id).second; });
  if (f.tasks.empty())
    return;
  report::report fresh;
  fresh.findings.push_back(std::move(f));
  flush_stdout();
  std::size_t before = b.found.findings.size();
  add(b, std::move(fresh));
  // After the report at exit a static object's destructor waits for ever: nothing is left to go on
  // to.
  const bool ends = b.chosen.on_deadlock != deadlock_action::go_on && !is_search(b);
  if (b.found.findings.size() != before && (b.finished || ends))
    end_process(b);
}

/// Tells the deadlocks that a searched run went on after.
void tell_deferred(books &b) {
  if (!std::exchange(b.has_deferred, false))
    return;
  std::vector<const core::execution *> blocked;
  core::for_each_task(
      [](core::task &t, void *list) {
        if (t.state.load(std::memory_order_acquire) == core::run_state::blocked)
          static_cast<std::vector<const core::execution *> *>(list)->push_back(&t);
      },
      &blocked);
  for (const core::execution *who : blocked)
    report_deadlock(deadlock_by_owners(*who));
  std::fill(blocked.begin(), blocked.end(), nullptr); // the search for leaks finds dead memory too
}

/// A searched run in which somebody waits for ever has told everything once it is at rest.
void end_search(books &b) {
  std::lock_guard hold(b.guards_all);
  if (is_search(b) && report::count(b.found).deadlocks &&
      b.chosen.on_deadlock != deadlock_action::go_on)
    end_process(b);
}

bool may_look(const books &b) { return b.chosen.detect_deadlocks && !b.is_silent; }

void begin_watch() {
  if (may_look(*the_books) && the_books->chosen.deadlock_ms != 0)
    start_watch(the_books->chosen.deadlock_ms);
}

// Runs on whatever stack there is: a report needs a large one.
void on_wait(const core::execution &who) {
  if (!may_look(*the_books))
    return;
  if (!who.is_task) {
    begin_watch();
    rouse_watch();
  }
  if (!may_close_cycle(who))
    return;
  if (is_search(*the_books)) { // who is going to wait for these belongs to the report too
    the_books->has_deferred = true;
    return;
  }
  core::run_on_large_stack(
      [](void *who) {
        report_deadlock(deadlock_by_owners(*static_cast<const core::execution *>(who)));
      },
      const_cast<core::execution *>(&who));
}

void on_run_finished() {
  books &b = *the_books;
  if (!b.chosen.detect_leaks || b.finished)
    return;
  with_asker(
      [](const asker &from, void *) {
        seen_list seen;
        judge_after_grace(from, the_books->chosen.grace_ms, seen);
        std::lock_guard hold(the_books->guards_all);
        tell_deferred(*the_books);
        report_left(*the_books, seen, false);
      },
      nullptr);
}

/// Waits for whoever is about to end the process after a deadlock.
bool is_finished(books &b) {
  std::lock_guard hold(b.guards_all);
  return b.finished;
}

/// Once the report is out, no task is resumed, and static primitives end under those that are left.
bool is_end_of_process(const books &b, const core::misuse &m) {
  return b.finished && (m.kind == core::misuse_kind::destroyed_while_waited_on ||
                        m.kind == core::misuse_kind::destroyed_while_locked);
}

/// A lock that outlasts its holder, or the other way round: the second that is seen of the two ends
/// says nothing new.
bool was_told_by_the_other_end(books &b, const core::misuse &m) {
  const bool ended = m.kind == core::misuse_kind::ended_holding_lock;
  if (!ended && m.kind != core::misuse_kind::destroyed_while_locked)
    return false;
  const std::pair lock_and_holder(m.on, ended ? m.who : m.other);
  const auto [told, is_first] = b.kept_locks.insert(lock_and_holder);
  if (!is_first)
    b.kept_locks.erase(told);
  return !is_first;
}

void on_misuse(const core::misuse &m) {
  books &b = *the_books;
  std::lock_guard hold(b.guards_all);
  if (b.is_silent || is_end_of_process(b, m) || was_told_by_the_other_end(b, m))
    return;
  report::finding f;
  f.kind = report::finding_kind::misuse;
  f.check = check_for(m.kind);
  f.why = describe(m.kind);
  f.places = {describe(m.where), describe(m.other_where)};
  if (m.who)
    f.tasks.push_back(describe(look_at(*m.who), false));
  report::report fresh;
  fresh.findings.push_back(std::move(f));
  add(b, std::move(fresh));
}

void report_order(void *circle) {
  books &b = *the_books;
  report::report fresh;
  fresh.findings.push_back(describe(*static_cast<const order_cycle *>(circle)));
  std::lock_guard hold(b.guards_all);
  const bool is_first = b.told_orders.insert(places_of(fresh.findings.front())).second;
  if (!b.finished && is_first)
    add(b, std::move(fresh));
}

/// The stack of a task is too small for looking up symbols.
void on_order_cycle(const core::execution &who, const order_cycle &circle) {
  order_cycle copy = circle;
  if (who.is_task)
    core::run_on_large_stack(report_order, &copy);
  else
    report_order(&copy);
}

} // namespace

void report_deadlock(report::finding &&f) {
  if (!f.tasks.empty())
    add_deadlock(*the_books, std::move(f));
}

void report_if_at_rest(const core::execution *asker) {
  if (!may_look(*the_books) || !all_at_rest(asker))
    return;
  seen_list seen;
  copy_at_rest(seen);
  report_deadlock(deadlock_of_all(seen));
  end_search(*the_books);
}

void begin_again_in_child() {
  books &b = *the_books;
  b.found = {};
  b.told.clear();
  b.told_orders.clear();
  b.has_deferred = false;
  b.kept_locks.clear();
  b.out = std::make_unique<report::output>(b.chosen.output);
  b.finished = b.is_silent = false;
}

void begin_looking() { begin_watch(); }

const settings &current_settings() { return the_books->chosen; }

void begin(const settings &s) {
  auto *b = new books;
  b->chosen = s;
  if (!s.suppressions.empty())
    b->suppressed = report::suppressions::read(s.suppressions);
  b->out = std::make_unique<report::output>(s.output);
  the_books = b;
  core::events.quiescent = [] { report_if_at_rest(nullptr); };
  core::events.run_finished = on_run_finished;
  core::events.misused = on_misuse;
  core::events.about_to_wait = on_wait;
  core::events.resumed = rouse_watch;
  handle_forks();
  if (s.detect_lock_order)
    watch_lock_orders(on_order_cycle);
}

void report_at_exit(const asker &from) {
  books &b = *the_books;
  if (is_finished(b))
    return;
  seen_list seen;
  certainty c;
  if (b.chosen.detect_leaks)
    c = judge_after_grace(from, b.chosen.grace_ms, seen);
  std::lock_guard hold(b.guards_all);
  if (b.finished)
    return;
  if (b.chosen.detect_leaks) {
    tell_deferred(b);
    report_left(b, seen, true);
    note_limits(b, c);
  }
  b.finished = true;
  flush_stdout();
  note_search(b);
  b.out->finish(b.found);
  keep_what_tasks_hold();
}

void apply_exit_status() {
  books &b = *the_books;
  // Plain threads may use locks without any task, which would have had the report made at exit.
  if (!b.finished) {
    b.finished = true;
    b.out->finish(b.found);
  }
  if (!changes_status(b) || b.chosen.exitcode == 0)
    return;
  flush_all();
  _exit(b.chosen.exitcode);
}

} // namespace sluice::observe
