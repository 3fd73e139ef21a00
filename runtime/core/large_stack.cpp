// A stack large enough for whatever an exit hook does.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/event.hpp"

#include <cstddef>
#include <pthread.h>
#include <sys/mman.h>

namespace sluice::core {
namespace {

struct errand {
  void (*f)(void *);
  void *arg;
};

void *do_errand(void *p) {
  auto *e = static_cast<errand *>(p);
  e->f(e->arg);
  return nullptr;
}

} // namespace

// A thread of its own is the one large stack that every tool understands. Its memory goes with it:
// the C library would keep it for the next thread, and stale pointers on it would hold blocks.
void run_on_large_stack(void (*f)(void *), void *arg) noexcept {
  constexpr std::size_t size = std::size_t{8} << 20, guard = std::size_t{64} << 10;
  errand e{f, arg};
  void *memory = ::mmap(nullptr, size + guard, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (memory == MAP_FAILED)
    return f(arg);
  ::mprotect(memory, guard, PROT_NONE);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstack(&attributes, static_cast<char *>(memory) + guard, size);
  pthread_t thread;
  const bool started = pthread_create(&thread, &attributes, do_errand, &e) == 0;
  pthread_attr_destroy(&attributes);
  if (started)
    pthread_join(thread, nullptr);
  ::munmap(memory, size + guard);
  if (!started)
    f(arg);
}

} // namespace sluice::core
