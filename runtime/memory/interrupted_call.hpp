// System calls that a stop of the world has interrupted go on as if nothing had been.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <sys/types.h>
#include <ucontext.h>

namespace sluice::memory {

/// A system call in which a thread was asleep.
struct sleeping_call {
  long number = -1; // -1: none, or one that is not known to go on by itself
  std::uintptr_t arguments[6] = {};
};

/// What the thread sleeps in, if that is a call which SA_RESTART does not restart and which can be
/// begun again without sleeping longer than it was to.
sleeping_call call_of(pid_t tid) noexcept;

/// To be called in a signal handler: if `context` is that of `call`, interrupted by this signal
/// alone, the call begins again once the handler returns.
void begin_again(const sleeping_call &call, ucontext_t &context) noexcept;

} // namespace sluice::memory
