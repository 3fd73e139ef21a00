// Who asks for a judgement, and where its live memory begins.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "observe/asker.hpp"

#include "core/park.hpp"

namespace sluice::observe {

// Not instrumented: a local in a sanitizer's fake stack would be somewhere else.
__attribute__((no_sanitize("address", "thread"))) void
with_asker(void (*f)(const asker &from, void *arg), void *arg) {
  __builtin_unwind_init(); // the caller's live values may lie in registers: store them here
  asker from;
#if defined(__x86_64__)
  asm volatile("movq %%rsp, %0" : "=r"(from.frame));
#elif defined(__aarch64__)
  asm volatile("mov %0, sp" : "=r"(from.frame));
#else
  from.frame = reinterpret_cast<std::uintptr_t>(&from);
#endif
  from.who = core::self();
  f(from, arg);
  asm volatile(""); // no tail call, so that the frame stays
}

} // namespace sluice::observe
