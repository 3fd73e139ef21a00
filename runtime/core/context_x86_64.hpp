// The change of stacks on x86-64, written in place so that the compiler saves only what is live.
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
/// Every register is a clobber, so what is live is on the stack and the frame description holds at
/// the label; nothing is pushed, so the red zone is safe. It ends in a jump because a return would
/// be mispredicted. The floating-point control words are the thread's, by choice.
[[gnu::always_inline]] inline void *switch_context(saved_context &from, saved_context &to,
                                                   void *pass) noexcept {
  saved_context *f = &from;
  saved_context *t = &to;
  asm volatile("leaq 1f(%%rip), %%rax\n\t"
               "movq %%rax, 8(%%rdi)\n\t"
               "movq %%rsp, 0(%%rdi)\n\t"
               "movq %%rbp, 16(%%rdi)\n\t"
               "movq 0(%%rsi), %%rsp\n\t"
               "movq 16(%%rsi), %%rbp\n\t"
               "jmpq *8(%%rsi)\n\t"
               "1:"
               : "+D"(f), "+S"(t), "+d"(pass)
               :
               : "rax", "rbx", "rcx", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "xmm0",
                 "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",
                 "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "mm0", "mm1", "mm2", "mm3", "mm4",
                 "mm5", "mm6", "mm7",
#ifdef __AVX512F__
                 "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23", "xmm24",
                 "xmm25", "xmm26", "xmm27", "xmm28", "xmm29", "xmm30", "xmm31", "k1", "k2", "k3",
                 "k4", "k5", "k6", "k7",
#endif
                 "memory", "cc");
  return pass;
}

/// Whether the processor checks returns against a shadow stack, which a switch would violate.
inline bool shadow_stack_active() noexcept {
  std::uint64_t pointer = 0;
  asm volatile("rdsspq %0" : "+r"(pointer)); // does nothing where there is none
  return pointer != 0;
}

} // namespace sluice::core
