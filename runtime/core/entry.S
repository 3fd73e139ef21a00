// The outermost frame of every task: debuggers and unwinders stop here.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#if defined(__x86_64__) && !defined(SLUICE_CONTEXT_BOOST)
        .text
        .globl  sluice_task_entry
        .hidden sluice_task_entry
        .type   sluice_task_entry, @function
sluice_task_entry:
        .cfi_startproc
        .cfi_undefined rip
        xorl    %ebp, %ebp
        call    sluice_task_main
        ud2
        .cfi_endproc
        .size   sluice_task_entry, . - sluice_task_entry
#elif defined(__aarch64__) && !defined(SLUICE_CONTEXT_BOOST)
        .text
        .globl  sluice_task_entry
        .hidden sluice_task_entry
        .type   sluice_task_entry, %function
sluice_task_entry:
        .cfi_startproc
        .cfi_undefined x30
        hint    #38             // bti jc
        mov     x29, xzr
        mov     x30, xzr
        bl      sluice_task_main
        brk     #1
        .cfi_endproc
        .size   sluice_task_entry, . - sluice_task_entry
#endif
#if defined(__linux__) && defined(__ELF__)
        .section .note.GNU-stack, "", %progbits
#endif
