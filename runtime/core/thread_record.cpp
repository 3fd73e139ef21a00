// Makes and ends the records of ordinary threads.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/thread_record.hpp"

#include "core/fatal.hpp"
#include "core/fork.hpp"
#include "core/locals.hpp"
#include "core/registry.hpp"
#include "core/scheduler.hpp"

#include <new>
#include <unistd.h>

namespace sluice::core {
namespace {

[[gnu::tls_model("initial-exec")]] constinit thread_local thread_record *the_thread = nullptr;

void end_thread(void *record) {
  auto *t = static_cast<thread_record *>(record);
  destroy_locals(*t);
  leave_thread(t);
  the_thread = nullptr;
  delete t;
  recheck_quiescence_later(); // it may have been the last that could run
}

pthread_key_t make_key() noexcept {
  pthread_key_t key;
  if (pthread_key_create(&key, end_thread) != 0)
    fatal("no thread-specific key is left");
  return key;
}

thread_record *make_record() noexcept {
  static const pthread_key_t at_thread_exit = make_key();
  auto *t = new (std::nothrow) thread_record;
  if (!t)
    fatal("out of memory for a thread's record");
  t->id = new_id();
  t->handle = pthread_self();
  t->kernel_id = gettid();
  t->state.store(run_state::runnable, std::memory_order_relaxed);
  handle_forks();
  pthread_setspecific(at_thread_exit, t);
  enter_thread(t);
  the_thread = t;
  return t;
}

} // namespace

thread_record *this_thread() noexcept {
  thread_record *t = the_thread;
  asm volatile("" : "+r"(t) : : "memory"); // or compilers would call it once for two threads
  return t ? t : make_record();
}

thread_record *this_thread_if_known() noexcept {
  thread_record *t = the_thread;
  asm volatile("" : "+r"(t) : : "memory"); // as above
  return t;
}

} // namespace sluice::core
