// A shared library that keeps pointers of whoever loads it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <memory>

namespace {
void *of_the_library = nullptr;
std::unique_ptr<void *> on_its_heap;
thread_local void *of_each_thread = nullptr;
} // namespace

extern "C" {
void **variable() { return &of_the_library; }
void **object() {
  if (!on_its_heap)
    on_its_heap = std::make_unique<void *>(nullptr);
  return on_its_heap.get();
}
void **own_of_thread() { return &of_each_thread; }
}
