// Writes out what stdio still holds, without waiting for a thread that is stuck in it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Who reads from a stream holds its lock for as long as nothing comes, and fflush(nullptr) takes
// the lock of every stream in turn.
#include "observe/flush.hpp"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <pthread.h>
#include <thread>

namespace sluice::observe {

using std::chrono::milliseconds;

void flush_stdout() noexcept {
  for (int tries = 20; tries > 0; --tries) {
    if (ftrylockfile(stdout) == 0) {
      fflush_unlocked(stdout);
      funlockfile(stdout);
      return;
    }
    std::this_thread::sleep_for(milliseconds(5));
  }
}

void flush_all() noexcept {
  flush_stdout();
  static constinit std::atomic<bool> done{false};
  pthread_t thread;
  const auto flush = [](void *) -> void * {
    std::fflush(nullptr);
    done.store(true, std::memory_order_release);
    return nullptr;
  };
  if (pthread_create(&thread, nullptr, flush, nullptr) != 0)
    return;
  pthread_detach(thread);
  for (int tries = 1000; tries > 0 && !done.load(std::memory_order_acquire); --tries)
    std::this_thread::sleep_for(milliseconds(1));
}

} // namespace sluice::observe
