/* Stands in for libmill: its names, and macros that come down to them in the same way. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#pragma once
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

extern volatile int mill_unoptimisable1_;
sigjmp_buf *mill_getctx_(void);
void *mill_prologue_(const char *created);
void mill_epilogue_(void);
void mill_yield_(const char *current);
void mill_msleep_(int64_t deadline, const char *current);
int64_t mill_now_(void);

typedef struct mill_chan_ *chan;
chan mill_chmake_(size_t size, size_t capacity, const char *created);
chan mill_chdup_(chan c, const char *created);
void mill_chclose_(chan c, const char *current);
void mill_chs_(chan c, void *value, size_t size, const char *current);
void *mill_chr_(chan c, size_t size, const char *current);
void mill_chdone_(chan c, void *value, size_t size, const char *current);

#define MILL_HERE "here"
#define coroutine __attribute__((noinline))
#define go(call)                                                                                   \
  do {                                                                                             \
    sigjmp_buf *mill_context = mill_getctx_();                                                     \
    if (!sigsetjmp(*mill_context, 0)) {                                                            \
      mill_prologue_(MILL_HERE);                                                                   \
      call;                                                                                        \
      mill_epilogue_();                                                                            \
    }                                                                                              \
  } while (0)
#define yield() mill_yield_(MILL_HERE)
#define chmake(type, capacity) mill_chmake_(sizeof(type), capacity, MILL_HERE)
#define chdup(c) mill_chdup_((c), MILL_HERE)
#define chclose(c) mill_chclose_((c), MILL_HERE)
#define chs(c, type, v)                                                                            \
  do {                                                                                             \
    type mill_value = (v);                                                                         \
    mill_chs_((c), &mill_value, sizeof(type), MILL_HERE);                                          \
  } while (0)
#define chr(c, type) (*(type *)mill_chr_((c), sizeof(type), MILL_HERE))
#define chdone(c, type, v)                                                                         \
  do {                                                                                             \
    type mill_value = (v);                                                                         \
    mill_chdone_((c), &mill_value, sizeof(type), MILL_HERE);                                       \
  } while (0)
