// When to look, what to make of it, and what becomes of the process.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "observe/detector.hpp"

#include "core/fork.hpp"
#include "core/park.hpp"
#include "observe/deadlock.hpp"
#include "observe/describe.hpp"
#include "observe/flush.hpp"
#include "observe/keep.hpp"
#include "observe/left_tasks.hpp"
#include "observe/lock_order.hpp"
#include "observe/members.hpp"
#include "observe/room.hpp"
#include "observe/unwind.hpp"
#include "observe/watch.hpp"
#include "observe/words.hpp"
#include "report/suppressions.hpp"
#include "report/text.hpp"

#include <algorithm>
#include <atomic>
#include <compare>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <pthread.h>
#include <set>
#include <tuple>
#include <unistd.h>
#include <utility>
#include <vector>

namespace sluice::observe {
namespace {

/// What is the same whenever the same code misuses something.
struct misuse_code {
  core::misuse_kind kind;
  std::uint_least32_t line, other_line;
  std::vector<std::uintptr_t> stack;
  auto operator<=>(const misuse_code &) const = default;
};

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
  bool has_deferred = false;        // deadlocks that are told when the searched run ends
  std::uint64_t last_primitive = 0; // the number of the one told last
  // Misuses by their code: the first finding's number, or none if it is suppressed.
  std::map<misuse_code, std::optional<std::size_t>> told_misuses;
  bool lacks_lines = false; // and the report says so
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

void note_lines(books &b, const report::finding &f) {
  if (b.lacks_lines || !report::lacks_lines(f))
    return;
  b.lacks_lines = true;
  b.found.notes.push_back("places without a line are in code that was built without '-g'");
}

void note_search(books &b) {
  if (b.chosen.search_state)
    b.found.search = b.chosen.search_state();
}

void add(books &b, report::report &&fresh) {
  std::erase_if(fresh.findings, [&](const report::finding &f) { return b.suppressed.cover(f); });
  report::group_equal_tasks(fresh);
  report::number_primitives(fresh, b.last_primitive);
  for (report::finding &f : fresh.findings) {
    f.advice = advice(f.kind, f.check);
    note_lines(b, f);
    b.found.findings.push_back(std::move(f));
  }
  note_search(b);
  b.out->update(b.found);
}

bool changes_status(const books &b) {
  report::totals n = report::count(b.found);
  return n.leaked || n.deadlocks || n.lock_order_cycles || n.misuses ||
         (b.chosen.strict && n.unfinished);
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
  left_tasks left(seen, !b.suppressed.empty());
  for (const seen_task &t : seen)
    if (t.is_task && shown(b, t, at_exit) && b.told.insert(t.id).second)
      left.add(t);
  report::report fresh;
  fresh.findings = left.take();
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

void note_repeats(books &b) {
  for (const report::finding &f : b.found.findings)
    if (f.kind == report::finding_kind::misuse && !f.tasks.empty() && f.tasks.front().count > 1)
      b.found.notes.push_back("the misuse" +
                              (f.places.front().known() ? " at " + to_text(f.places.front()) : "") +
                              " happened " + std::to_string(f.tasks.front().count) + " times");
}

void finish(books &b) {
  b.finished = true;
  note_repeats(b);
  b.out->finish(b.found);
}

[[noreturn]] void end_process(books &b) {
  finish(b);
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
  for_each_task([&](core::task &t) {
    if (t.state.load(std::memory_order_acquire) == core::run_state::blocked)
      blocked.push_back(&t);
  });
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
  with_room([&] { report_deadlock(deadlock_by_owners(who)); });
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

/// Where the other side locked, if a standard guard did.
report::place guarded_place(const core::misuse &m, symboliser &symbols) {
  const core::execution *holder = m.other ? m.other : m.who;
  report::place at;
  holder->held.for_each([&](const core::held_lock &h) {
    if (h.lock == m.on)
      at = describe(h.where, h.caller, symbols);
  });
  return at;
}

/// Who misuses a primitive runs this very code, so its stack is here.
void describe_culprit(const core::misuse &m, std::span<const std::uintptr_t> stack,
                      report::finding &f) {
  if (!m.who)
    return;
  report::task_entry e;
  with_room([&] {
    symboliser symbols;
    e = describe(look_at(*m.who), symbols);
    e.stack = symbols.frames(stack);
    if (!f.places.back().known())
      f.places.back() = guarded_place(m, symbols);
  });
  e.on = describe(look_at(m.on));
  const bool destroyed = m.kind == core::misuse_kind::destroyed_while_locked ||
                         m.kind == core::misuse_kind::destroyed_while_waited_on;
  const report::place here = user_place(e.stack);
  if (here.known() && (destroyed || !f.places.front().known())) // a destructor is told no place
    f.places.front() = here;
  f.tasks.push_back(std::move(e));
}

report::finding misuse_finding(const core::misuse &m, std::span<const std::uintptr_t> stack) {
  report::finding f;
  f.kind = report::finding_kind::misuse;
  f.check = check_for(m.kind);
  f.why = describe(m.kind);
  f.places = {describe(m.where), describe(m.other_where)};
  std::tie(f.place_words[0], f.place_words[1]) = places_of(m.kind);
  describe_culprit(m, stack, f);
  return f;
}

/// Tells what this code does the first time, and counts from then on.
void on_misuse(const core::misuse &m) {
  books &b = *the_books;
  std::lock_guard hold(b.guards_all);
  if (b.is_silent || is_end_of_process(b, m) || was_told_by_the_other_end(b, m))
    return;
  misuse_code code{m.kind, m.where.line(), m.other_where.line(), unwind_here()};
  const auto [told, is_first] = b.told_misuses.try_emplace(std::move(code));
  if (!is_first) {
    if (told->second && !b.found.findings[*told->second].tasks.empty())
      ++b.found.findings[*told->second].tasks.front().count;
    return;
  }
  const std::size_t number = b.found.findings.size();
  report::report fresh;
  fresh.findings.push_back(misuse_finding(m, told->first.stack));
  add(b, std::move(fresh));
  if (b.found.findings.size() > number)
    told->second = number;
}

void report_order(const order_cycle &circle) {
  books &b = *the_books;
  report::report fresh;
  fresh.findings.push_back(describe(circle));
  std::lock_guard hold(b.guards_all);
  const bool is_first = b.told_orders.insert(places_of(fresh.findings.front())).second;
  if (!b.finished && is_first)
    add(b, std::move(fresh));
}

void on_order_cycle(const core::execution &, const order_cycle &circle) {
  with_room([&] { report_order(circle); });
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
  b.told_misuses.clear();
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
  flush_stdout();
  note_search(b);
  finish(b);
  keep_what_tasks_hold();
}

void apply_exit_status() {
  books &b = *the_books;
  // Plain threads may use locks without any task, which would have had the report made at exit.
  if (!b.finished)
    finish(b);
  if (!changes_status(b) || b.chosen.exitcode == 0)
    return;
  flush_all();
  _exit(b.chosen.exitcode);
}

} // namespace sluice::observe
