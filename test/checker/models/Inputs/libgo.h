// Stands in for libgo: its names, and its macro 'go'.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once
#include <cstddef>
#include <memory>

namespace libgo {
template <typename T> class Channel {
public:
  explicit Channel(std::size_t capacity = 0, bool choose = false);
  const Channel &operator<<(T v) const;
  const Channel &operator>>(T &v) const;
  const Channel &operator>>(std::nullptr_t) const;
  bool TryPush(T v) const;
  bool TryPop(T &v) const;
  void Close() const;
  bool empty() const;
  std::size_t size() const;

private:
  std::shared_ptr<T> impl;
};
} // namespace libgo

namespace co {
template <typename T> using Channel = libgo::Channel<T>;
template <typename T> using co_chan = Channel<T>;
struct __go {
  __go(const char *file, int line);
  template <typename F> void operator-(const F &) {}
};
} // namespace co
using co::co_chan;
#define go ::co::__go(__FILE__, __LINE__) -
