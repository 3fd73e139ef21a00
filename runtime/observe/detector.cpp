// When to look, what to make of it, and what becomes of the process.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "observe/detector.hpp"

#include "core/park.hpp"
#include "observe/deadlock.hpp"
#include "observe/describe.hpp"
#include "observe/keep.hpp"
#include "observe/lock_order.hpp"
#include "observe/room.hpp"
#include "observe/unwind.hpp"
#include "observe/words.hpp"
#include "report/suppressions.hpp"
#include "report/text.hpp"

#include <atomic>
#include <compare>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <tuple>
#include <unistd.h>
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
  std::uint64_t last_primitive = 0; // the number of the one told last
  // Misuses by their code: the first finding's number, or none if it is suppressed.
  std::map<misuse_code, std::optional<std::size_t>> told_misuses;
  bool lacks_lines = false; // and the report says so
  bool finished = false;
};
books *the_books = nullptr;

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

report::finding waiting_finding(const seen_task &t, const seen_list &all, symboliser &symbols) {
  bool leaked = t.judged == verdict::leaked;
  report::finding f;
  f.kind = leaked ? report::finding_kind::leak : report::finding_kind::unfinished;
  f.check = check_for_wait(t);
  f.tasks.push_back(describe(t, symbols));
  f.why = leaked ? why_leaked(t, all) : why_unfinished(t);
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
  symboliser symbols;
  for (const seen_task &t : seen)
    if (t.is_task && shown(b, t, at_exit) && b.told.insert(t.id).second)
      fresh.findings.push_back(waiting_finding(t, seen, symbols));
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
  std::fflush(nullptr);
  if (b.chosen.on_deadlock == deadlock_action::abort)
    std::abort();
  _exit(b.chosen.exitcode);
}

void report_deadlock(books &b, report::finding &&f) {
  std::lock_guard hold(b.guards_all);
  if (b.finished)
    return;
  for (const report::task_entry &t : f.tasks)
    if (!b.told.insert(t.id).second)
      return;
  report::report fresh;
  fresh.findings.push_back(std::move(f));
  std::fflush(stdout);
  std::size_t before = b.found.findings.size();
  add(b, std::move(fresh));
  if (b.found.findings.size() != before && b.chosen.on_deadlock != deadlock_action::go_on)
    end_process(b);
}

void on_quiescent() {
  books &b = *the_books;
  if (!b.chosen.detect_leaks || b.finished || !all_at_rest(nullptr))
    return;
  seen_list seen;
  copy_at_rest(seen);
  report::finding f = deadlock_of_all(seen);
  if (!f.tasks.empty())
    report_deadlock(b, std::move(f));
}

void on_wait(const core::execution &who) {
  report::finding f = deadlock_by_owners(who);
  if (!f.tasks.empty())
    report_deadlock(*the_books, std::move(f));
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
        report_left(*the_books, seen, false);
      },
      nullptr);
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
  if (is_end_of_process(b, m) || was_told_by_the_other_end(b, m))
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

const settings &current_settings() { return the_books->chosen; }

void begin(const settings &s) {
  auto *b = new books;
  b->chosen = s;
  if (!s.suppressions.empty())
    b->suppressed = report::suppressions::read(s.suppressions);
  b->out = std::make_unique<report::output>(s.output);
  the_books = b;
  core::events.quiescent = on_quiescent;
  core::events.run_finished = on_run_finished;
  core::events.misused = on_misuse;
  core::events.about_to_wait = on_wait;
  if (s.detect_lock_order)
    watch_lock_orders(on_order_cycle);
}

void report_at_exit(const asker &from) {
  books &b = *the_books;
  if (b.finished)
    return;
  if (b.chosen.detect_leaks) {
    seen_list seen;
    certainty c = judge_after_grace(from, b.chosen.grace_ms, seen);
    std::lock_guard hold(b.guards_all);
    report_left(b, seen, true);
    note_limits(b, c);
  }
  std::lock_guard hold(b.guards_all);
  std::fflush(stdout);
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
  std::fflush(nullptr);
  _exit(b.chosen.exitcode);
}

} // namespace sluice::observe
