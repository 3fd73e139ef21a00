// A stack large enough for whatever an exit hook does.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/event.hpp"

#include <pthread.h>

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

// A thread of its own is the one large stack that every tool understands.
void run_on_large_stack(void (*f)(void *), void *arg) noexcept {
  errand e{f, arg};
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, std::size_t{8} << 20);
  pthread_t thread;
  const bool started = pthread_create(&thread, &attributes, do_errand, &e) == 0;
  pthread_attr_destroy(&attributes);
  if (started)
    pthread_join(thread, nullptr);
  else
    f(arg);
}

} // namespace sluice::core
