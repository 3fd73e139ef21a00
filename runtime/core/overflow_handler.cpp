// The handler for segmentation faults: tells a stack overflow from other faults by the address.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/overflow_handler.hpp"

#include "core/event.hpp"
#include "core/fatal.hpp"
#include "core/worker.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <signal.h>
#include <unistd.h>

namespace sluice::core {
namespace {

struct sigaction previous_segv;
struct sigaction previous_bus;

bool in_guard(const task &t, const char *at) noexcept {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return t.stack.guarded && at < t.stack.bottom && at >= t.stack.bottom - page;
}

void describe(const task &t) noexcept {
  line l;
  l << "stack overflow in task " << t.id;
  if (t.name)
    l << " \"" << t.name << "\"";
  l << ", started at " << t.started_at.file_name() << ":" << t.started_at.line();
  l.write();
  line hint;
  hint << "its stack has " << static_cast<std::uint64_t>(t.stack.top - t.stack.bottom)
       << " bytes; give it more by task_options.stack_size or the option stack_size";
  hint.write();
}

void on_fault(int signal, siginfo_t *info, void *) {
  const int kept = errno;
  const worker *w = this_worker();
  const task *t = w ? w->current : nullptr;
  if (t && in_guard(*t, static_cast<const char *>(info->si_addr))) {
    describe(*t);
    if (events.stack_overflow)
      events.stack_overflow(*t);
  }
  errno = kept;
  // The faulting instruction runs again, under the action that was there before.
  sigaction(signal, signal == SIGSEGV ? &previous_segv : &previous_bus, nullptr);
}

// The C library copies a set of 1024 signals, of which the kernel fills in 64: the rest are words
// of its stack, which in static storage would keep alive what they point to.
void install(int signal, const struct sigaction &action, struct sigaction &previous) noexcept {
  struct sigaction before{};
  sigaction(signal, &action, &before);
  previous.sa_flags = before.sa_flags;
  previous.sa_sigaction = before.sa_sigaction;
  std::memcpy(&previous.sa_mask, &before.sa_mask, sizeof(std::uint64_t));
}

} // namespace

void handle_overflows() noexcept {
  static bool done = false;
  if (done)
    return;
  done = true;
  struct sigaction action{};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  install(SIGSEGV, action, previous_segv);
  install(SIGBUS, action, previous_bus);
}

void catch_overflows_on_this_thread() noexcept {
  constexpr std::size_t size = std::size_t{1} << 16;
  stack_t now{};
  if (sigaltstack(nullptr, &now) != 0 || !(now.ss_flags & SS_DISABLE))
    return;
  stack_t own{};
  own.ss_sp = std::malloc(size); // as long-lived as the scheduler thread, which never ends
  own.ss_size = size;
  if (own.ss_sp && sigaltstack(&own, nullptr) == 0)
    this_thread()->signal_stack = {static_cast<char *>(own.ss_sp), size};
}

} // namespace sluice::core
