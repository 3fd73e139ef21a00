// A report as text for people.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "report/text.hpp"

#include "report/layout.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

namespace sluice::report {
namespace {

constexpr std::size_t most_shown = 12; // tasks of one deadlock; more say nothing new

std::string plural(unsigned n, const char *noun) {
  return std::to_string(n) + " " + noun + (n == 1 ? "" : "s");
}

/// `38 to 42 ms`, or one time if both are the same.
std::string duration(std::uint64_t least_ms, std::uint64_t most_ms) {
  const bool seconds = most_ms >= 1000;
  auto amount = [&](std::uint64_t ms) {
    char text[32];
    std::snprintf(text, sizeof text, seconds ? "%.1f" : "%.0f",
                  static_cast<double>(ms) / (seconds ? 1000 : 1));
    return std::string(text);
  };
  const std::string most = amount(most_ms), unit = seconds ? " s" : " ms";
  std::string least = amount(least_ms);
  if (least == most)
    return most + unit;
  least += " to ";
  return (least_ms * 20 < most_ms ? "up to " : least) + most + unit;
}

std::string at(const place &p) { return p.known() ? " at " + to_text(p) : ""; }

std::string kind_and_type(const subject &s) {
  return s.type.empty() ? s.kind : s.kind + "<" + shortened_type(s.type) + ">";
}

std::string quoted_subject(const subject &s) {
  return s.name.empty() ? "a " + kind_and_type(s) : "'" + s.name + "', " + kind_and_type(s);
}

/// What the primitives of one finding are called. Those that have no name of their own, as all
/// members of a class that are made on one line, are numbered.
class naming {
public:
  explicit naming(const finding &f) {
    for (const task_entry &t : f.tasks) {
      note(t.on);
      for (const held_lock &h : t.holds)
        note(h.lock);
    }
  }
  std::string operator()(const subject &s) const {
    const auto same = alike_.find(plain(s, ""));
    if (same == alike_.end() || same->second.size() < 2)
      return plain(s, "");
    const auto number = std::distance(same->second.begin(), same->second.find(s.id)) + 1;
    return plain(s, " #" + std::to_string(number));
  }

private:
  static std::string plain(const subject &s, const std::string &number) {
    if (!s.name.empty())
      return s.name + number;
    return (s.made_at.known() || !number.empty() ? "the " : "a ") + s.kind + number +
           (s.made_at.known() ? " made at " + to_text(s.made_at) : "");
  }
  void note(const subject &s) {
    if (!s.kind.empty() && s.id)
      alike_[plain(s, "")].insert(s.id);
  }
  std::map<std::string, std::set<std::uint64_t>> alike_;
};

std::string times(const task_entry &t) {
  return t.count > 1 ? " (" + std::to_string(t.count) + " times)" : "";
}

std::string task_title(const task_entry &t) {
  if (t.main)
    return "main task";
  if (!t.name.empty())
    return t.name;
  if (t.thread)
    return "thread " + std::to_string(t.id);
  const std::string function = bare_function(t.started_at.function);
  const bool says_nothing = function.empty() || function == "main"; // the main task is another one
  return says_nothing ? "task " + std::to_string(t.id) : function;
}

std::string frame_text(const frame &f, bool in_full) {
  std::string where = f.line ? to_text(place{f.file, f.line, ""}) : f.file;
  if (f.function == "??" && !where.empty())
    return where;
  return (in_full ? f.function : shortened_function(f.function)) +
         (where.empty() ? "" : "   " + where);
}

void write_stack(layout &out, const task_entry &t) {
  const bool in_full = out.style().verbosity > 0;
  unsigned number = 0;
  for (const frame &f : t.stack)
    if (!f.ours || in_full)
      out.frame("#" + std::to_string(number++) + " " + frame_text(f, in_full));
}

void write_title(layout &out, const task_entry &t) {
  std::string title = times(t);
  if (t.started_at.known())
    title += ", started at " + to_text(t.started_at);
  if (!t.starter.empty())
    title += " by " + t.starter;
  out.title(task_title(t), title);
}

void write_subject(layout &out, const task_entry &t) {
  if (t.on.kind.empty())
    return;
  std::string text = "on " + quoted_subject(t.on);
  if (!t.on.state.empty())
    text += ", " + t.on.state;
  if (t.on.made_at.known())
    text += ", made at " + to_text(t.on.made_at);
  out.line(text + (t.on_several ? " (not all on the same one)" : ""));
}

void write_operation(layout &out, const task_entry &t) {
  if (t.operation == "running") {
    out.line(t.operation);
    return;
  }
  const std::string what = t.operation == "sleep" ? "asleep" : "blocked in " + t.operation;
  out.line(what + " for " + duration(t.shortest_ms, t.since_ms) + at(t.blocked_at));
}

/// What was done to have it.
std::string taken(const held_lock &h) { return h.lock.kind == "once" ? "called" : "locked"; }

void write_holds(layout &out, const task_entry &t, const naming &name) {
  for (const held_lock &h : t.holds)
    out.line("holds " + name(h.lock) + (h.shared ? " (shared)" : "") +
             (h.taken_at.known() ? ", " + taken(h) + at(h.taken_at) : ""));
}

void write_suppressions(layout &out, const finding &f) {
  if (out.style().verbosity == 0)
    return;
  std::set<std::string> told;
  for (const task_entry &t : f.tasks) {
    const std::string function = bare_function(t.started_at.function);
    const std::string &pattern = t.name.empty() ? function : t.name;
    if (!pattern.empty() && told.insert(pattern).second)
      out.labelled("suppress", std::string(word(f.kind)) + ":" + pattern);
  }
}

/// Why it is so, what to do about it, and where to read more.
void write_reason(layout &out, const finding &f) {
  if (f.kind != finding_kind::misuse) // whose headline says it
    out.labelled("why", f.why);
  out.labelled("fix", f.advice);
  if (!f.check.empty())
    out.labelled("see", "sluice explain " + f.check);
  write_suppressions(out, f);
  out.end_entry();
}

void write_entry(layout &out, const finding &f) {
  const task_entry &t = f.tasks.front();
  write_title(out, t);
  write_operation(out, t);
  write_stack(out, t);
  write_subject(out, t);
  write_holds(out, t, naming(f));
  write_reason(out, f);
}

/// The place of an operation on `s`, kept apart from the place that stands for a name.
std::string then_at(const subject &s, const place &p) {
  return (p.known() && s.name.empty() && s.made_at.known() ? "," : "") + at(p);
}

std::string held_at(const held_lock &h) {
  std::string text = h.shared ? "shared" : "";
  if (h.taken_at.known())
    text += (text.empty() ? "" : ", ") + (h.lock.name.empty() ? taken(h) + " at " : "") +
            to_text(h.taken_at);
  return text.empty() ? "" : " (" + text + ")";
}

std::string wants(const task_entry &t, const naming &name) {
  std::string text = "waits ";
  if (t.operation == "lock" || t.operation == "rlock")
    text += (t.operation == "lock" ? "to lock " : "to read-lock ") + name(t.on);
  else if (t.on.kind.empty())
    text += "in " + t.operation;
  else
    text += "in " + t.operation + " on " + name(t.on);
  return text + then_at(t.on, t.blocked_at);
}

std::string who(const task_entry &t) {
  if (t.main)
    return "main task";
  std::string text = (t.thread ? "thread " : "task ") + std::to_string(t.id);
  if (!t.name.empty())
    text += " \"" + t.name + "\"";
  return text + times(t);
}

/// How a task of a cycle came to where it is told of.
void write_way(layout &out, const task_entry &t) {
  write_stack(out, t);
  if (t.started_at.known() && !t.main)
    out.frame("started at " + to_text(t.started_at) +
              (t.starter.empty() ? "" : " by " + t.starter));
}

/// One line says what a task held and took.
void write_ordered(layout &out, const task_entry &t, const naming &name) {
  const held_lock &held = t.holds.front();
  out.title(who(t), " holds " + name(held.lock) + held_at(held) + " and " +
                        (t.operation == "rlock" ? "read-locks " : "locks ") + name(t.on) +
                        then_at(t.on, t.blocked_at));
  write_way(out, t);
}

/// One line says what a task of a deadlock holds and wants.
void write_deadlocked(layout &out, const task_entry &t, const naming &name) {
  std::string text;
  const char *sep = " holds ";
  for (const held_lock &h : t.holds) {
    text += sep + name(h.lock) + held_at(h);
    sep = ", ";
  }
  text += (t.holds.empty() ? " " : " and ") + wants(t, name);
  out.title(who(t), text);
  write_way(out, t);
}

void write_cycle(layout &out, const finding &f) {
  const bool dead = f.kind == finding_kind::deadlock;
  unsigned n = 0;
  for (const task_entry &t : f.tasks)
    n += t.count;
  out.headline(dead ? "deadlock of " + plural(n, "task") : "locks are taken in opposite orders");
  const naming name(f);
  const bool in_full = out.style().verbosity > 0;
  const std::size_t shown = in_full ? f.tasks.size() : std::min(f.tasks.size(), most_shown);
  for (std::size_t i = 0; i < shown; ++i)
    dead ? write_deadlocked(out, f.tasks[i], name) : write_ordered(out, f.tasks[i], name);
  for (std::size_t i = 0; i < shown; ++i)
    n -= f.tasks[i].count;
  if (n > 0)
    out.title("", "and " + plural(n, "more task") + "; 'verbosity=1' shows all");
  write_reason(out, f);
}

void write_misuse(layout &out, const finding &f) {
  out.headline(f.why.empty() ? "misuse" : "misuse: " + f.why);
  for (std::size_t i = 0; i < std::min(f.places.size(), std::size(f.place_words)); ++i)
    if (f.places[i].known())
      out.line(f.place_words[i] + " " + to_text(f.places[i]));
  for (const task_entry &t : f.tasks) {
    out.line("in " + who(t));
    write_stack(out, t);
    write_subject(out, t);
  }
  write_reason(out, f);
}

/// Leaks and unfinished tasks stand under one headline a kind.
void write_waiting(layout &out, const report &r, std::size_t first, finding_kind kind) {
  unsigned n = 0;
  for (std::size_t i = first; i < r.findings.size(); ++i)
    if (r.findings[i].kind == kind)
      n += r.findings[i].tasks.front().count;
  if (!n)
    return;
  bool leak = kind == finding_kind::leak;
  out.headline(plural(n, "task") + (leak       ? " can never finish"
                                    : (n == 1) ? " has not finished"
                                               : " have not finished"));
  for (std::size_t i = first; i < r.findings.size(); ++i)
    if (r.findings[i].kind == kind)
      write_entry(out, r.findings[i]);
}

} // namespace

std::string to_text(const report &r, const text_style &style, std::size_t first) {
  layout out(style);
  for (std::size_t i = first; i < r.findings.size(); ++i) {
    const finding &f = r.findings[i];
    if (f.kind == finding_kind::deadlock || f.kind == finding_kind::lock_order_cycle)
      write_cycle(out, f);
    else if (f.kind == finding_kind::misuse)
      write_misuse(out, f);
  }
  write_waiting(out, r, first, finding_kind::leak);
  write_waiting(out, r, first, finding_kind::unfinished);
  return out.text();
}

std::string replay_line(const search_state &s, const std::string &command) {
  std::string text = "replay: SLUICE_OPTIONS=" + s.options + " " + command + "\n";
  if (!s.replayable)
    text += "note: threads or blocking calls had a part in this run, so another may differ\n";
  return text;
}

std::string summary_line(const report &r) {
  totals n = count(r);
  std::string text = "SUMMARY: sluice: " + std::to_string(n.leaked) + " leaked, " +
                     std::to_string(n.unfinished) + " unfinished, " + std::to_string(n.deadlocks) +
                     " deadlocks"; // no singular: scripts match it
  if (n.lock_order_cycles)
    text += ", " + std::to_string(n.lock_order_cycles) + " lock-order cycles";
  if (n.misuses)
    text += ", " + std::to_string(n.misuses) + " misuses";
  return text + "\n";
}

} // namespace sluice::report
