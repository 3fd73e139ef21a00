// A lock taken again through a call is found.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-*,double-lock' %s -- %flags | FileCheck %s
#include <sluice/mutex.hpp>
#include <mutex>

bool chance();
void handle(int);

struct CacheBad {
  sluice::mutex mu;
  // CHECK: :[[@LINE+1]]:34: warning: lock of 'mu' blocks for ever: this task holds 'mu' already [sluice-double-lock]
  void evict() { std::lock_guard lock(mu); }
  void put() {
    std::lock_guard lock(mu);
    evict();
  }
};
void useBad() {
  CacheBad cache;
  cache.put();
}

// CHECK-NOT: warning:
struct CacheOk {
  sluice::mutex mu;
  void evict() {}
  void put() {
    {
      std::lock_guard lock(mu);
    }
    std::lock_guard again(mu);
    evict();
  }
};
void useOk() {
  CacheOk cache;
  cache.put();
}
// CHECK: sluice: 1 warning in 1 file
