// Stands in for cpp-channel: the names that its model speaks of.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once
#include <cstddef>

namespace msd {
template <typename T> class channel {
public:
  class iterator {
  public:
    T operator*();
    iterator &operator++();
    bool operator!=(const iterator &) const;
  };
  channel();
  explicit channel(std::size_t capacity);
  bool write(const T &v);
  bool read(T &v);
  void close();
  std::size_t size() const;
  bool empty() const;
  bool closed() const;
  bool drained() const;
  iterator begin();
  iterator end();
};
template <typename T> channel<T> &operator<<(channel<T> &c, const T &v);
template <typename T> channel<T> &operator>>(channel<T> &c, T &v);
} // namespace msd
