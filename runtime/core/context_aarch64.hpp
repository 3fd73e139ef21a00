// The change of stacks on AArch64, written in place so that the compiler saves only what is live.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

extern "C" void sluice_task_entry() noexcept; // core/entry.S

namespace sluice::core {

/// Where a stack that does not run goes on. An unwinder may start from these three.
struct saved_context {
  void *sp = nullptr;
  void *pc = nullptr;
  void *fp = nullptr;
};

/// Prepares an unused stack so that the first switch to it calls sluice_task_main().
inline void make_context(saved_context &c, char *, char *top) noexcept {
  c.sp = reinterpret_cast<void *>(reinterpret_cast<std::uintptr_t>(top) & ~std::uintptr_t{15});
  c.pc = reinterpret_cast<void *>(&sluice_task_entry);
  c.fp = nullptr;
}

/// Leaves `from` and goes on in `to`. Returns, when someone switches back, what that one passed.
/// As on x86-64 nothing is pushed and the frame description holds at the label. x18 belongs to the
/// platform and is never touched; x16 is what a jump to a landing pad must use.
[[gnu::always_inline]] inline void *switch_context(saved_context &from, saved_context &to,
                                                   void *pass) noexcept {
  register saved_context *f asm("x0") = &from;
  register saved_context *t asm("x1") = &to;
  register void *p asm("x2") = pass;
  asm volatile("adr x9, 1f\n\t"
               "mov x10, sp\n\t"
               "stp x10, x9, [x0]\n\t"
               "str x29, [x0, #16]\n\t"
               "ldp x10, x16, [x1]\n\t"
               "ldr x29, [x1, #16]\n\t"
               "mov sp, x10\n\t"
               "br x16\n"
               "1:\n\t"
               "hint #36" // bti j
               : "+r"(f), "+r"(t), "+r"(p)
               :
               : "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15",
                 "x16", "x17", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28",
                 "x30", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11",
                 "v12", "v13", "v14", "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23",
                 "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31", "memory", "cc");
  return p;
}

/// Whether the processor checks returns against a shadow stack, which a switch would violate.
inline bool shadow_stack_active() noexcept { return false; }

} // namespace sluice::core
