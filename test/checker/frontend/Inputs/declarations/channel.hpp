// The same piece of the library, as declarations alone.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once
namespace sluice {
template <class T> class chan {
public:
  chan();
  explicit chan(unsigned long capacity);
  chan(const chan &other);
  ~chan();
  void send(T value);
  void close();

private:
  void *state;
};
} // namespace sluice
