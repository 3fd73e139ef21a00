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
};

constexpr misuse_words misuses[] = {
    {misuse_kind::close_of_closed, "closed-channel", "close of a closed channel"},
    {misuse_kind::close_of_nil, "closed-channel", "close of a nil channel"},
    {misuse_kind::send_on_closed, "closed-channel", "send on a closed channel"},
    {misuse_kind::negative_wait_group, "wait-group-misuse", "the counter falls below zero"},
    {misuse_kind::unlock_by_stranger, "missing-unlock", "unlock by someone who does not hold it"},
    {misuse_kind::destroyed_while_locked, "missing-unlock", "destroyed while it is locked"},
    {misuse_kind::destroyed_while_waited_on, "", "destroyed while somebody waits on it"},
    {misuse_kind::add_while_waited_on, "wait-group-misuse", "add from zero while another waits"},
    {misuse_kind::ended_holding_lock, "missing-unlock", "the task ends while it holds a lock"},
    {misuse_kind::wait_without_lock, "lost-notify", "wait without holding the lock"},
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

const char *why_leaked(const seen_task &t) noexcept {
  const bool channel = t.reason == wait_reason::send || t.reason == wait_reason::recv;
  if (channel && !t.on.present)
    return "a nil channel blocks for ever";
  if (channel && t.on.kind == primitive_kind::context)
    return "no live task or thread is left that could cancel the context";
  return row(t.reason).why;
}

} // namespace sluice::observe
