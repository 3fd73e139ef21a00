// A report as text for people.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "report/text.hpp"

#include <cstdio>
#include <unistd.h>

namespace sluice::report {
namespace {

/// Collects the text; knows colour and verbosity so that the functions below need not.
struct writer {
  const text_style &style;
  std::string out;

  void headline(const std::string &words) {
    out += "==" + std::to_string(style.pid) + "== sluice: ";
    out += style.colour ? "\x1b[1;31m" + words + "\x1b[0m" : words;
    out += "\n\n";
  }
  void line(const std::string &words) { out += words + "\n"; }
};

std::string plural(unsigned n, const char *noun) {
  return std::to_string(n) + " " + noun + (n == 1 ? "" : "s");
}

std::string duration(std::uint64_t ms) {
  if (ms < 1000)
    return std::to_string(ms) + " ms";
  char text[32];
  std::snprintf(text, sizeof text, "%.1f s", static_cast<double>(ms) / 1000);
  return text;
}

std::string kind_and_type(const subject &s) {
  return s.type.empty() ? s.kind : s.kind + "<" + s.type + ">";
}

std::string quoted_subject(const subject &s) {
  return s.name.empty() ? "a " + kind_and_type(s) : "'" + s.name + "', " + kind_and_type(s);
}

std::string lock_name(const subject &s) {
  if (!s.name.empty())
    return s.name;
  return s.made_at.known() ? "the " + s.kind + " made at " + to_text(s.made_at) : "a " + s.kind;
}

std::string task_title(const task_entry &t) {
  if (t.main)
    return "main task";
  if (!t.name.empty())
    return t.name;
  if (t.thread)
    return "thread " + std::to_string(t.id);
  std::string function = bare_function(t.started_at.function);
  return function.empty() ? "task " + std::to_string(t.id) : function;
}

std::string frame_text(const frame &f) {
  std::string where = f.file;
  if (f.line)
    where = to_text(place{f.file, f.line, ""});
  return f.function + (where.empty() ? "" : "   " + where);
}

void write_stack(writer &w, const task_entry &t) {
  unsigned number = 0;
  for (const frame &f : t.stack)
    if (!f.ours || w.style.verbosity > 0)
      w.line("      #" + std::to_string(number++) + " " + frame_text(f));
}

void write_title(writer &w, const task_entry &t) {
  std::string title = task_title(t);
  if (t.count > 1)
    title += " (" + std::to_string(t.count) + " times)";
  if (t.started_at.known())
    title += ", started at " + to_text(t.started_at);
  if (!t.starter.empty())
    title += " by " + t.starter;
  w.line(title);
}

void write_subject(writer &w, const subject &on) {
  if (on.kind.empty())
    return;
  std::string text = "  on " + quoted_subject(on);
  if (!on.state.empty())
    text += ", " + on.state;
  if (on.made_at.known())
    text += ", made at " + to_text(on.made_at);
  w.line(text);
}

void write_operation(writer &w, const task_entry &t) {
  bool blocked = t.operation != "running" && t.operation != "sleep";
  std::string text = blocked ? "  blocked in " + t.operation : "  " + t.operation;
  if (t.operation == "sleep")
    text = "  asleep";
  if (t.operation != "running")
    text += " for " + duration(t.since_ms);
  if (t.blocked_at.known())
    text += " at " + to_text(t.blocked_at);
  w.line(text);
}

void write_holds(writer &w, const task_entry &t) {
  for (const held_lock &h : t.holds)
    w.line("  holds " + lock_name(h.lock) + (h.shared ? " (shared)" : "") +
           (h.taken_at.known() ? ", locked at " + to_text(h.taken_at) : ""));
}

void write_entry(writer &w, const task_entry &t) {
  write_title(w, t);
  write_operation(w, t);
  write_stack(w, t);
  write_subject(w, t.on);
  write_holds(w, t);
}

void write_reason(writer &w, const finding &f) {
  if (!f.why.empty())
    w.line("  why: " + f.why);
  if (!f.check.empty())
    w.line("  see: sluice explain " + f.check);
  w.line("");
}

std::string wants(const task_entry &t) {
  std::string text = "waits ";
  if (t.operation == "lock" || t.operation == "rlock")
    text += (t.operation == "lock" ? "to lock " : "to read-lock ") + lock_name(t.on);
  else if (t.on.kind.empty())
    text += "in " + t.operation;
  else
    text += "in " + t.operation + " on " + lock_name(t.on);
  return text + (t.blocked_at.known() ? " at " + to_text(t.blocked_at) : "");
}

std::string who(const task_entry &t) {
  if (t.main)
    return "main task";
  std::string text = (t.thread ? "thread " : "task ") + std::to_string(t.id);
  if (!t.name.empty())
    text += " \"" + t.name + "\"";
  return t.count > 1 ? text + " (" + std::to_string(t.count) + " times)" : text;
}

/// One line says what a task held and took.
void write_ordered(writer &w, const task_entry &t) {
  const held_lock &held = t.holds.front();
  std::string where = held.shared ? "shared" : "";
  if (held.taken_at.known())
    where += (where.empty() ? "" : ", ") + to_text(held.taken_at);
  w.line(who(t) + " holds " + lock_name(held.lock) + (where.empty() ? "" : " (" + where + ")") +
         " and " + (t.operation == "rlock" ? "read-locks " : "locks ") + lock_name(t.on) +
         (t.blocked_at.known() ? " at " + to_text(t.blocked_at) : ""));
  write_stack(w, t);
}

/// One line says what a task of a deadlock holds and wants.
void write_deadlocked(writer &w, const task_entry &t) {
  std::string text = who(t);
  const char *sep = " holds ";
  for (const held_lock &h : t.holds) {
    text += sep + lock_name(h.lock);
    if (h.taken_at.known())
      text += " (" + to_text(h.taken_at) + ")";
    sep = ", ";
  }
  text += (t.holds.empty() ? " " : " and ") + wants(t);
  w.line(text);
  write_stack(w, t);
}

void write_cycle(writer &w, const finding &f) {
  bool dead = f.kind == finding_kind::deadlock;
  unsigned n = 0;
  for (const task_entry &t : f.tasks)
    n += t.count;
  w.headline(dead ? "deadlock of " + plural(n, "task") : "locks are taken in opposite orders");
  for (const task_entry &t : f.tasks)
    dead ? write_deadlocked(w, t) : write_ordered(w, t);
  write_reason(w, f);
}

void write_misuse(writer &w, const finding &f) {
  w.headline(f.why.empty() ? "misuse" : "misuse: " + f.why);
  for (std::size_t i = 0; i < f.places.size(); ++i)
    if (f.places[i].known())
      w.line((i ? "  the other side: " : "  at ") + to_text(f.places[i]));
  for (const task_entry &t : f.tasks) {
    w.line("  in " + who(t));
    write_subject(w, t.on);
    write_stack(w, t);
  }
  w.line("  see: sluice explain " + f.check + "\n");
}

/// Leaks and unfinished tasks stand under one headline a kind.
void write_waiting(writer &w, const report &r, std::size_t first, finding_kind kind) {
  unsigned n = 0;
  for (std::size_t i = first; i < r.findings.size(); ++i)
    if (r.findings[i].kind == kind)
      n += r.findings[i].tasks.front().count;
  if (!n)
    return;
  bool leak = kind == finding_kind::leak;
  w.headline(plural(n, "task") + (leak       ? " can never finish"
                                  : (n == 1) ? " has not finished"
                                             : " have not finished"));
  for (std::size_t i = first; i < r.findings.size(); ++i)
    if (r.findings[i].kind == kind) {
      write_entry(w, r.findings[i].tasks.front());
      write_reason(w, r.findings[i]);
    }
}

} // namespace

std::string to_text(const report &r, const text_style &style, std::size_t first) {
  writer w{style, {}};
  for (std::size_t i = first; i < r.findings.size(); ++i) {
    const finding &f = r.findings[i];
    if (f.kind == finding_kind::deadlock || f.kind == finding_kind::lock_order_cycle)
      write_cycle(w, f);
    else if (f.kind == finding_kind::misuse)
      write_misuse(w, f);
  }
  write_waiting(w, r, first, finding_kind::leak);
  write_waiting(w, r, first, finding_kind::unfinished);
  return w.out;
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
