// The tasks and threads that are judged, and where their frames lie.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "observe/members.hpp"

#include <pthread.h>

namespace sluice::observe {

range native_stack(pthread_t thread) noexcept {
  pthread_attr_t attributes;
  void *bottom = nullptr;
  std::size_t size = 0;
  if (pthread_getattr_np(thread, &attributes) != 0)
    return {};
  pthread_attr_getstack(&attributes, &bottom, &size);
  pthread_attr_destroy(&attributes);
  return {address(bottom), address(bottom) + size};
}

void find_known_threads(known_threads &out) noexcept {
  core::for_each_thread(
      [](core::thread_record &t, void *arg) {
        if (t.is_worker || t.is_pool || (!t.is_own() && waits(t)))
          static_cast<known_threads *>(arg)->push_back({t.kernel_id, native_stack(t.handle), &t});
      },
      &out);
}

} // namespace sluice::observe
