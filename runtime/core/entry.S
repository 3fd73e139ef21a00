// The outermost frame of every task: debuggers and unwinders stop here.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The registers that a function saves for its caller hold pointers of the task that ran before. They
// are cleared, or they would lie on this stack as long as it is used, and hide leaks of that one's.
#if defined(__x86_64__) && !defined(SLUICE_CONTEXT_BOOST)
        .text
        .globl  sluice_task_entry
        .hidden sluice_task_entry
        .type   sluice_task_entry, @function
sluice_task_entry:
        .cfi_startproc
        .cfi_undefined rip
        xorl    %ebp, %ebp
        xorl    %ebx, %ebx
        xorl    %r12d, %r12d
        xorl    %r13d, %r13d
        xorl    %r14d, %r14d
        xorl    %r15d, %r15d
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
        mov     x19, xzr
        mov     x20, xzr
        mov     x21, xzr
        mov     x22, xzr
        mov     x23, xzr
        mov     x24, xzr
        mov     x25, xzr
        mov     x26, xzr
        mov     x27, xzr
        mov     x28, xzr
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
