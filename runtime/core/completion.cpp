// Waiting for the end of an async task.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/park.hpp"
#include "core/sanitizer.hpp"

#include <sluice/async.hpp>

#include <future>
#include <mutex>
#include <utility>

namespace sluice::core {
namespace {

struct waiter {
  ticket t;
  waiter *next;
};

} // namespace

// Once `done` is set nobody enters `waiters`; both change under the lock only.
struct completion : primitive {
  spinlock guards_all;
  std::atomic<bool> done{false};
  void *waiters = nullptr; // of type waiter
};

completion *new_completion(std::source_location made_at) {
  return new completion{{primitive_kind::future, nullptr, made_at}, {}, {}, nullptr};
}

void delete_completion(completion *c) noexcept { delete c; }

void complete(completion *c) noexcept {
  operation_point(c);
  happens_before(c);
  waiter *w = nullptr;
  {
    std::lock_guard hold(c->guards_all);
    c->done.store(true, std::memory_order_release);
    w = static_cast<waiter *>(std::exchange(c->waiters, nullptr));
  }
  while (w) {
    waiter *next = w->next; // read first: a waiter's stack is its own once it is woken
    execution *who = w->t.who;
    w->t.claim(0);
    unpark(who);
    w = next;
  }
}

void wait_complete(completion *c, std::source_location where) noexcept {
  operation_point(c);
  if (!c->done.load(std::memory_order_acquire)) {
    c->guards_all.lock();
    if (c->done.load(std::memory_order_relaxed)) { // the lock orders it
      c->guards_all.unlock();
    } else {
      waiter self_waits{ticket(self()), static_cast<waiter *>(c->waiters)};
      c->waiters = &self_waits;
      park(
          self_waits.t, {wait_reason::join, c, where},
          [](void *l) { static_cast<spinlock *>(l)->unlock(); }, &c->guards_all);
    }
  }
  happens_after(c);
}

void throw_no_state() { throw std::future_error(std::future_errc::no_state); }

} // namespace sluice::core
