// What a sanitizer knows of memory: its heap's blocks, fake stack frames, threads of its own.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "memory/sanitizer_heap.hpp"

#include "memory/deferral.hpp"
#include "memory/kernel.hpp"
#include "memory/text.hpp"

#include <csignal>

#ifdef SLUICE_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#include <sanitizer/lsan_interface.h>
#endif

#if defined(SLUICE_ADDRESS_SANITIZER) || defined(SLUICE_TSAN)
// Declared here, since not every compiler brings sanitizer/allocator_interface.h. The fast one is
// missing from older runtimes; theirs may take a lock for blocks of many pages.
extern "C" {
int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *, std::size_t),
                                              void (*on_free)(const volatile void *));
std::size_t __sanitizer_get_allocated_size(const volatile void *p);
[[gnu::weak]] std::size_t __sanitizer_get_allocated_size_fast(const volatile void *p);
}
#endif

namespace sluice::memory {

#if defined(SLUICE_ADDRESS_SANITIZER) || defined(SLUICE_TSAN)

namespace {

// As early as the library has anything: what was allocated before is no node and no root.
[[gnu::constructor(101)]] void watch_the_heap() {
  __sanitizer_install_malloc_and_free_hooks(
      [](const volatile void *p, std::size_t) { note_block(const_cast<void *>(p)); },
      [](const volatile void *p) { forget_block(const_cast<void *>(p)); });
}

} // namespace

std::size_t sanitizer_block_size(const void *p) noexcept {
  return __sanitizer_get_allocated_size_fast ? __sanitizer_get_allocated_size_fast(p)
                                             : __sanitizer_get_allocated_size(p);
}

#else

std::size_t sanitizer_block_size(const void *) noexcept { return 0; }

#endif

#ifdef SLUICE_ADDRESS_SANITIZER

void *current_fake_stack() noexcept { return __asan_get_current_fake_stack(); }

__attribute__((no_sanitize("address"))) void
for_each_fake_frame(range stack, void *fake_stack, void (*f)(void *, range), void *arg) noexcept {
  constexpr std::uintptr_t word = sizeof(std::uintptr_t);
  if (!fake_stack)
    return;
  for (std::uintptr_t at = (stack.begin + word - 1) & ~(word - 1); at + word <= stack.end;
       at += word) {
    void *p = *reinterpret_cast<void *const volatile *>(at);
    void *begin = nullptr, *end = nullptr;
    if (__asan_addr_is_in_fake_stack(fake_stack, p, &begin, &end))
      f(arg, {reinterpret_cast<std::uintptr_t>(begin), reinterpret_cast<std::uintptr_t>(end)});
  }
}

void keep_for_leak_sanitizer(range memory) noexcept {
  __lsan_register_root_region(reinterpret_cast<const void *>(memory.begin),
                              memory.end - memory.begin);
}

#else

void *current_fake_stack() noexcept { return nullptr; }
void for_each_fake_frame(range, void *, void (*)(void *, range), void *) noexcept {}
void keep_for_leak_sanitizer(range) noexcept {}

#endif

#ifdef SLUICE_TSAN

#define SLUICE_WRAPPER __attribute__((visibility("default")))

extern "C" {

// TSan tells of the end of the old block before it copies what is in there.
void *__interceptor_realloc(void *old, std::size_t n);
SLUICE_WRAPPER void *realloc(void *old, std::size_t n) noexcept {
  const not_now moving;
  return __interceptor_realloc(old, n);
}

// It tells nothing of blocks that are aligned by request.
void *__interceptor_memalign(std::size_t alignment, std::size_t n);
void *__interceptor_aligned_alloc(std::size_t alignment, std::size_t n);
int __interceptor_posix_memalign(void **out, std::size_t alignment, std::size_t n);
SLUICE_WRAPPER void *memalign(std::size_t alignment, std::size_t n) noexcept {
  void *p = __interceptor_memalign(alignment, n);
  note_block(p);
  return p;
}
SLUICE_WRAPPER void *aligned_alloc(std::size_t alignment, std::size_t n) noexcept {
  void *p = __interceptor_aligned_alloc(alignment, n);
  note_block(p);
  return p;
}
SLUICE_WRAPPER int posix_memalign(void **out, std::size_t alignment, std::size_t n) noexcept {
  const int error = __interceptor_posix_memalign(out, alignment, n);
  if (error == 0)
    note_block(*out);
  return error;
}

} // extern "C"

// TSan's own thread blocks every signal but those that a fault raises.
bool is_sanitizer_thread(pid_t tid) noexcept {
  text_buffer<64> path;
  path.append("/proc/self/task/");
  path.append(static_cast<std::uint64_t>(tid));
  path.append("/status");
  char text[4096];
  int fd = kernel_open(path.text);
  if (fd < 0)
    return false;
  ssize_t n = kernel_read(fd, text, sizeof text - 1);
  kernel_close(fd);
  text[n > 0 ? n : 0] = 0;
  constexpr const char *title = "SigBlk:\t";
  const char *blocked = find_text(text, title);
  if (!blocked)
    return false;
  while (*blocked && *blocked++ != '\t')
    ;
  const std::uintptr_t mask = read_number(blocked, 16);
  constexpr std::uintptr_t real_time = ~std::uintptr_t{0} << 33,
                           faults = std::uintptr_t{1} << (SIGSEGV - 1);
  return (mask & real_time) == real_time && !(mask & faults);
}

#else

bool is_sanitizer_thread(pid_t) noexcept { return false; }

#endif

} // namespace sluice::memory
