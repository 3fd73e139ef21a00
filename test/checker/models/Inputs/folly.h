// Stands in for folly's queues and locks: the names that their model speaks of.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once
#include <chrono>
#include <cstddef>

namespace folly {
template <typename T> class MPMCQueue {
public:
  explicit MPMCQueue(std::size_t capacity);
  template <typename... Args> void blockingWrite(Args &&...args);
  template <typename... Args> bool write(Args &&...args);
  void blockingRead(T &into);
  bool read(T &into);
};

template <bool MayBlock = true> class Baton {
public:
  Baton();
  void post();
  void wait();
  bool try_wait();
  void reset();
};

template <bool ReaderPriority> class SharedMutexImpl {
public:
  SharedMutexImpl();
  void lock();
  void unlock();
  void lock_shared();
  void unlock_shared();
};
using SharedMutex = SharedMutexImpl<false>;
} // namespace folly
