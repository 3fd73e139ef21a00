// Threads come on demand, wait for more work for a while, and go.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/blocking_pool.hpp"

#include "core/park.hpp"
#include "core/parker.hpp"
#include "core/sanitizer.hpp"
#include "core/scheduler.hpp"
#include "core/thread_record.hpp"

#include <sluice/blocking.hpp>

#include <mutex>
#include <new>
#include <pthread.h>
#include <system_error>

namespace sluice::core {
namespace {

constexpr unsigned most_threads = 256;
constexpr auto patience = std::chrono::seconds(10);

struct job {
  void (*f)(void *);
  void *arg;
  ticket done;
  job *next;
};

struct idle_thread {
  parker sleep;
  job *given = nullptr;
  idle_thread *next = nullptr;
};

struct pool_state {
  spinlock guards_all_below; // never held while a job runs or a thread is started
  job *first = nullptr;      // jobs that wait for a thread, while there are most_threads
  job *last = nullptr;
  idle_thread *idle = nullptr;
  unsigned threads = 0;
};
constinit pool_state pool;

void do_job(job &j) noexcept {
  happens_after(&j);
  std::atomic<bool> &has_job = this_thread()->has_job;
  has_job.store(true, std::memory_order_release);
  j.f(j.arg);
  has_job.store(false, std::memory_order_release);
  execution *who = j.done.who;
  j.done.claim(0);
  // Before the outside work ends, lest everybody seem to be at rest in between.
  who->state.store(run_state::runnable, std::memory_order_release);
  end_outside_work();
  unpark(who); // the job is gone from here on
}

job *pop_job() noexcept {
  job *j = pool.first;
  if (j)
    pool.first = j->next;
  if (!pool.first)
    pool.last = nullptr;
  return j;
}

// The lock is held.
bool remove_idle(idle_thread &me) noexcept {
  for (idle_thread **at = &pool.idle; *at; at = &(*at)->next) {
    if (*at != &me)
      continue;
    *at = me.next;
    return true;
  }
  return false;
}

// Null: this thread is to end.
job *wait_for_job(idle_thread &me) noexcept {
  {
    std::lock_guard hold(pool.guards_all_below);
    if (job *j = pop_job())
      return j;
    me.given = nullptr;
    me.next = pool.idle;
    pool.idle = &me;
  }
  if (!me.sleep.wait(real_now() + patience)) {
    std::lock_guard hold(pool.guards_all_below);
    if (remove_idle(me)) {
      --pool.threads;
      return nullptr;
    }
  } else {
    return me.given;
  }
  me.sleep.wait(); // a job was given at the last moment
  return me.given;
}

void *pool_thread(void *first) {
  this_thread()->is_pool = true;
  idle_thread me;
  for (job *j = static_cast<job *>(first); j; j = wait_for_job(me))
    do_job(*j);
  return nullptr;
}

bool start_thread(job &j) noexcept {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  const bool started = pthread_create(&thread, &attributes, pool_thread, &j) == 0;
  pthread_attr_destroy(&attributes);
  return started;
}

// The lock is held. True: an idle thread has it or it waits for one; false: it needs a new thread,
// which is counted already.
bool place(job &j) noexcept {
  if (idle_thread *t = pool.idle) {
    pool.idle = t->next;
    t->given = &j;
    t->sleep.wake();
    return true;
  }
  if (pool.threads < most_threads) {
    ++pool.threads;
    return false;
  }
  (pool.last ? pool.last->next : pool.first) = &j;
  pool.last = &j;
  return true;
}

// Without a thread of its own the job waits for another's, if there is one; else this thread does
// it, which holds up its tasks but is correct.
void start_or_queue(job &j) noexcept {
  if (start_thread(j))
    return;
  {
    std::lock_guard hold(pool.guards_all_below);
    if (--pool.threads > 0) {
      (pool.last ? pool.last->next : pool.first) = &j;
      pool.last = &j;
      return;
    }
  }
  do_job(j);
}

// Runs on whatever stack was entered, once the task is off its own.
void hand_out(void *p) {
  job &j = *static_cast<job *>(p);
  bool placed = false;
  {
    std::lock_guard hold(pool.guards_all_below);
    placed = place(j);
  }
  if (!placed)
    start_or_queue(j);
}

} // namespace

void run_blocking(void (*f)(void *), void *arg, std::source_location where) {
  operation_point();
  execution *who = self();
  if (!who->is_task) {
    f(arg);
    return;
  }
  begin_outside_work();
  job j{f, arg, ticket(who), nullptr};
  happens_before(&j);
  park(j.done, {wait_reason::running, nullptr, where}, hand_out, &j);
}

void lock_blocking_pool() noexcept { pool.guards_all_below.lock(); }
void unlock_blocking_pool() noexcept { pool.guards_all_below.unlock(); }
void forget_blocking_pool() noexcept {
  pool.first = pool.last = nullptr;
  pool.idle = nullptr;
  pool.threads = 0;
}

} // namespace sluice::core
