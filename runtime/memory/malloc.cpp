// Thin wrappers around the C library's allocator that keep the map of heap blocks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// They are weak, so that a program's own allocator, or a fully static link, takes precedence
// without an error; the map then says so itself. Sanitizers bring wrappers of their own.
#include "memory/deferral.hpp"
#include "memory/heap_map.hpp"

#include <cerrno>
#include <features.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
#define SLUICE_SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(SLUICE_TSAN)
#define SLUICE_SANITIZED
#endif

#if defined(__GLIBC__) && !defined(SLUICE_SANITIZED)

using sluice::memory::forget_block;
using sluice::memory::note_block;

extern "C" {

void *__libc_malloc(std::size_t);
void *__libc_calloc(std::size_t, std::size_t);
void *__libc_realloc(void *, std::size_t);
void *__libc_memalign(std::size_t, std::size_t);
void *__libc_valloc(std::size_t);
void *__libc_pvalloc(std::size_t);
void __libc_free(void *);

#define SLUICE_WRAPPER __attribute__((weak, visibility("default")))

SLUICE_WRAPPER void *malloc(std::size_t n) noexcept {
  void *p = __libc_malloc(n);
  note_block(p);
  return p;
}

SLUICE_WRAPPER void *calloc(std::size_t n, std::size_t size) noexcept {
  void *p = __libc_calloc(n, size);
  note_block(p);
  return p;
}

SLUICE_WRAPPER void *realloc(void *old, std::size_t n) noexcept {
  const sluice::memory::not_now moving;
  if (old)
    forget_block(old);
  void *p = __libc_realloc(old, n);
  note_block(p);
  if (!p && n) // the old block lives on
    note_block(old);
  return p;
}

SLUICE_WRAPPER void free(void *p) noexcept {
  if (!p)
    return;
  forget_block(p);
  __libc_free(p);
}

SLUICE_WRAPPER void *memalign(std::size_t alignment, std::size_t n) noexcept {
  void *p = __libc_memalign(alignment, n);
  note_block(p);
  return p;
}

SLUICE_WRAPPER void *aligned_alloc(std::size_t alignment, std::size_t n) noexcept {
  return memalign(alignment, n);
}

SLUICE_WRAPPER int posix_memalign(void **out, std::size_t alignment, std::size_t n) noexcept {
  if (alignment % sizeof(void *) || !alignment || (alignment & (alignment - 1)))
    return EINVAL;
  int saved = errno; // this call reports by its result only
  void *p = memalign(alignment, n);
  errno = saved;
  if (!p)
    return ENOMEM;
  *out = p;
  return 0;
}

SLUICE_WRAPPER void *valloc(std::size_t n) noexcept {
  void *p = __libc_valloc(n);
  note_block(p);
  return p;
}

SLUICE_WRAPPER void *pvalloc(std::size_t n) noexcept {
  void *p = __libc_pvalloc(n);
  note_block(p);
  return p;
}

} // extern "C"

#endif
