// Stands in for PhotonLibOS: the names that its model speaks of.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>

namespace photon {
class Timeout {
public:
  Timeout(uint64_t microseconds = -1);
};

template <typename F, typename... Args> void go(F &&, Args &&...) {}

template <typename T> class channel {
public:
  class iterator {
  public:
    T operator*();
    iterator &operator++();
    bool operator!=(const iterator &) const;
  };
  explicit channel(std::size_t capacity = 0);
  ~channel();
  bool send(const T &v, Timeout timeout = {});
  std::pair<T, bool> recv(Timeout timeout = {});
  channel &operator<<(const T &v);
  channel &operator>>(T &v);
  void close();
  iterator begin();
  iterator end();
};

class mutex {
public:
  mutex();
  int lock(Timeout timeout = {});
  void unlock();
};

class semaphore {
public:
  explicit semaphore(uint64_t count = 0);
  int wait(uint64_t count, Timeout timeout = {});
  int signal(uint64_t count);
};
} // namespace photon
