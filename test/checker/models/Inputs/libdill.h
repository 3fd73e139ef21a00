/* Stands in for libdill: its names, which are macros that come down to functions in the same way. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#pragma once
#include <alloca.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

int64_t dill_now(void);
int dill_msleep(int64_t deadline);
int dill_yield(void);
int dill_fdin(int fd, int64_t deadline);
int dill_hown(int h);
int dill_hclose(int h);

extern volatile void *dill_unoptimisable;
int dill_prologue(sigjmp_buf **context, void **stack, size_t size, int bundle, const char *file,
                  int line);
void dill_epilogue(void);

/* The real one switches stacks with assembly where it can. */
#define dill_setjmp(context)                                                                       \
  __extension__({                                                                                  \
    int switched;                                                                                  \
    __asm__("" : "=r"(switched) : "r"(context) : "memory");                                        \
    switched;                                                                                      \
  })
#define dill_setsp(stack)                                                                          \
  __asm__("" ::"r"(alloca(sizeof(size_t))));                                                       \
  __asm__ volatile("" ::"r"(stack));
#define dill_go_(call, memory, size, in)                                                           \
  __extension__({                                                                                  \
    sigjmp_buf *dill_context;                                                                      \
    void *dill_stack = (memory);                                                                   \
    int dill_handle =                                                                              \
        dill_prologue(&dill_context, &dill_stack, (size), (in), __FILE__, __LINE__);               \
    if (dill_handle >= 0) {                                                                        \
      if (!dill_setjmp(*dill_context)) {                                                           \
        dill_setsp(dill_stack);                                                                    \
        call;                                                                                      \
        dill_epilogue();                                                                           \
      }                                                                                            \
    }                                                                                              \
    dill_handle;                                                                                   \
  })
#define dill_go(call) dill_go_(call, NULL, 0, -1)
#define dill_go_mem(call, memory, size) dill_go_(call, memory, size, -1)
#define dill_bundle_go(in, call) dill_go_(call, NULL, 0, in)

struct dill_bundle_storage {
  char _[64];
};
int dill_bundle(void);
int dill_bundle_mem(struct dill_bundle_storage *memory);
int dill_bundle_wait(int h, int64_t deadline);

#define DILL_CHSEND 1
#define DILL_CHRECV 2
struct dill_chclause {
  int op;
  int ch;
  void *val;
  size_t len;
};
struct dill_chstorage {
  char _[144];
};
int dill_chmake(int ends[2]);
int dill_chmake_mem(struct dill_chstorage *memory, int ends[2]);
int dill_chsend(int ch, const void *val, size_t len, int64_t deadline);
int dill_chrecv(int ch, void *val, size_t len, int64_t deadline);
int dill_chdone(int ch);
int dill_choose(struct dill_chclause *clauses, int count, int64_t deadline);

#define coroutine __attribute__((noinline))
#define now dill_now
#define msleep dill_msleep
#define yield dill_yield
#define fdin dill_fdin
#define hown dill_hown
#define hclose dill_hclose
#define go dill_go
#define go_mem dill_go_mem
#define bundle_go dill_bundle_go
#define bundle_storage dill_bundle_storage
#define bundle dill_bundle
#define bundle_mem dill_bundle_mem
#define bundle_wait dill_bundle_wait
#define CHSEND DILL_CHSEND
#define CHRECV DILL_CHRECV
#define chclause dill_chclause
#define chstorage dill_chstorage
#define chmake dill_chmake
#define chmake_mem dill_chmake_mem
#define chsend dill_chsend
#define chrecv dill_chrecv
#define chdone dill_chdone
#define choose dill_choose
