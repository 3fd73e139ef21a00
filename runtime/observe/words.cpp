// The words that reports and the checker share; docs/design/report-format.md is their dictionary.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "observe/words.hpp"

#include <cstddef>
#include <iterator>

namespace sluice::observe {
namespace {

using core::misuse_kind;
using core::primitive_kind;
using core::wait_reason;

/// One row a wait reason, in its order.
struct wait_words {
  wait_reason reason;
  const char *operation;
  const char *check;
  const char *why; // when leaked
};

constexpr const char *nobody_holds = "no live task or thread can reach it any more";
constexpr wait_words waits[] = {
    {wait_reason::none, "running", "missing-cancellation", ""},
    {wait_reason::send, "send", "unreceived-send",
     "no live task or thread holds the channel any more, so nothing can receive"},
    {wait_reason::recv, "recv", "starved-receive",
     "no live task or thread holds the channel any more, so nothing can send or close"},
    {wait_reason::select, "select", "starved-receive",
     "no live task or thread holds any of its channels any more"},
    {wait_reason::lock, "lock", "deadlock", "its owner is gone or can never go on"},
    {wait_reason::rlock, "rlock", "deadlock", "its owner is gone or can never go on"},
    {wait_reason::wait, "wait", "wait-group-misuse",
     "no live task or thread is left that could call done"},
    {wait_reason::cond, "cond", "lost-notify", "no live task or thread is left that could notify"},
    {wait_reason::once, "once", "deadlock", "the call it waits for can never return"},
    {wait_reason::sleep, "sleep", "missing-cancellation", nobody_holds},
    {wait_reason::join, "join", "unfulfilled-wait", "what it waits for can never finish"},
    {wait_reason::acquire, "acquire", "unfulfilled-wait",
     "no live task or thread is left that could release"},
    {wait_reason::running, "running", "missing-cancellation", ""},
};

constexpr const char *kinds[] = {"chan",       "mutex",   "shared_mutex", "condition_variable",
                                 "wait_group", "once",    "semaphore",    "task_group",
                                 "future",     "context", "timer"};
static_assert(std::size(kinds) == static_cast<std::size_t>(primitive_kind::timer) + 1);

constexpr bool rows_in_order() {
  for (std::size_t i = 0; i < std::size(waits); ++i)
    if (static_cast<std::size_t>(waits[i].reason) != i)
      return false;
  return true;
}
static_assert(rows_in_order());

const wait_words &row(wait_reason reason) noexcept {
  return waits[static_cast<std::size_t>(reason)];
}

struct misuse_words {
  misuse_kind kind;
  const char *check;
  const char *what;
  const char *other; // what happened at the other place
};

constexpr misuse_words misuses[] = {
    {misuse_kind::close_of_closed, "closed-channel", "close of a closed channel",
     "first closed at"},
    {misuse_kind::close_of_nil, "closed-channel", "close of a nil channel", ""},
    {misuse_kind::send_on_closed, "closed-channel", "send on a closed channel", "closed at"},
    {misuse_kind::negative_wait_group, "wait-group-misuse", "the counter falls below zero",
     "made at"},
    {misuse_kind::unlock_by_stranger, "missing-unlock", "unlock by someone who does not hold it",
     "locked at"},
    {misuse_kind::destroyed_while_locked, "missing-unlock", "destroyed while it is locked",
     "locked at"},
    {misuse_kind::destroyed_while_waited_on, "", "destroyed while somebody waits on it",
     "waited on at"},
    {misuse_kind::add_while_waited_on, "wait-group-misuse", "add from zero while another waits",
     "waited on at"},
    {misuse_kind::ended_holding_lock, "missing-unlock", "the task ends while it holds a lock",
     "locked at"},
    {misuse_kind::wait_without_lock, "lost-notify", "wait without holding the lock", "made at"},
};

const misuse_words &row(misuse_kind kind) noexcept {
  for (const misuse_words &w : misuses)
    if (w.kind == kind)
      return w;
  return misuses[0];
}

} // namespace

const char *word(wait_reason reason) noexcept { return row(reason).operation; }

const char *word(primitive_kind kind) noexcept { return kinds[static_cast<std::size_t>(kind)]; }

const char *check_for_wait(const seen_task &t) noexcept {
  const wait_reason reason = t.blocked ? t.reason : wait_reason::running;
  const bool receives = reason == wait_reason::recv || reason == wait_reason::select;
  const bool ticker = t.on.present && t.on.kind == primitive_kind::timer;
  if (receives && (t.waits_for_context || ticker))
    return "missing-cancellation"; // a loop over a ticker, or a context that nobody cancels
  return row(reason).check;
}

const char *check_for(misuse_kind kind) noexcept { return row(kind).check; }

const char *describe(misuse_kind kind) noexcept { return row(kind).what; }

std::pair<const char *, const char *> places_of(misuse_kind kind) noexcept {
  return {kind == misuse_kind::ended_holding_lock ? "started at" : "at", row(kind).other};
}

holders::holders(const seen_list &all) {
  for (const seen_task &t : all)
    for (unsigned i = 0; i < t.held_count; ++i)
      by_lock_.try_emplace(t.held[i].address, &t);
}

const seen_task *holders::of(const core::primitive *lock) const {
  const auto at = by_lock_.find(lock);
  return at == by_lock_.end() ? nullptr : at->second;
}

namespace {

/// A lock's owner is the cause, so it is named.
std::string why_never_unlocked(const seen_task &t, const holders &all) {
  if (holds(t, t.on_address))
    return "the task holds it itself";
  const seen_task *owner = all.of(t.on_address);
  if (!owner)
    return "its owner is gone";
  return "its owner, " +
         (owner->name.text[0] ? "'" + std::string(owner->name.text) + "'"
                              : "task " + std::to_string(owner->id)) +
         ", can never go on";
}

} // namespace

std::string why_leaked(const seen_task &t, const holders &all) {
  if (t.reason == wait_reason::lock || t.reason == wait_reason::rlock)
    return why_never_unlocked(t, all);
  const bool channel = t.reason == wait_reason::send || t.reason == wait_reason::recv;
  if (channel && !t.on.present)
    return "a nil channel blocks for ever";
  if (t.reason == wait_reason::select && !t.on.present)
    return "none of its cases can ever run";
  if (channel && t.on.kind == primitive_kind::context)
    return "no live task or thread is left that could cancel the context";
  std::string why = row(t.reason).why;
  constexpr std::string_view unnamed = "the channel";
  const std::size_t at = why.find(unnamed);
  if (at != std::string::npos && t.on.name.text[0])
    why.replace(at, unnamed.size(), "'" + std::string(t.on.name.text) + "'");
  return why;
}

std::string why_unfinished(const seen_task &t) {
  if (!t.blocked)
    return "it can run";
  if (t.sleeps)
    return "its time has not come yet";
  return "something that is not stuck itself may still reach what it waits for";
}

std::string why_deadlocked(std::string_view check, std::size_t tasks, bool only_locks) {
  if (check == "double-lock")
    return "a task waits for a lock that it holds itself";
  if (only_locks && tasks > 1)
    return "each waits for a lock that another one of them holds";
  if (check == "lock-order-cycle")
    return "some wait for locks of each other, and the rest waits for those";
  return std::string("nothing that can still run could wake ") + (tasks > 1 ? "one of them" : "it");
}

namespace {

struct advice_row {
  std::string_view check;
  const char *advice;
};

constexpr advice_row advices[] = {
    {"unreceived-send",
     "give the channel room for what may be left over, or select on the send and "
     "the end of a context"},
    {"starved-receive", "close the channel after the last send, or select on the receive and the "
                        "end of a context"},
    {"missing-cancellation", "cancel on every path, by 'defer', and return when the context ends"},
    {"deadlock", "see why the one that it waits for cannot go on: that is the cause"},
    {"double-lock", "lock once, and have what runs under the lock expect it to be held"},
    {"lock-order-cycle",
     "take the locks in one order everywhere, or at once by 'std::scoped_lock'"},
    {"blocking-under-lock", "unlock before waiting, or wait before locking"},
    {"wait-group-misuse",
     "call 'done' on every path, by 'defer', exactly as often as 'add' counted"},
    {"lost-notify", "change the condition under the lock, notify after that, and wait with a "
                    "predicate"},
    {"unfulfilled-wait", "let what it waits for come to an end, or a permit be released, on every "
                         "path"},
    {"closed-channel", "let one owner close the channel, once, after the last send"},
    {"missing-unlock",
     "unlock on every path and in the task that locked, as 'std::lock_guard' does"},
};

} // namespace

std::string advice(report::finding_kind kind, std::string_view check) {
  if (kind == report::finding_kind::unfinished)
    return "let it end before the program does, or start it with '.background = true'";
  for (const advice_row &row : advices)
    if (row.check == check)
      return row.advice;
  return {};
}

} // namespace sluice::observe
