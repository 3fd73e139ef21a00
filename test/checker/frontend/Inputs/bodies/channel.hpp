// A piece of the library as a header-only build has it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once
namespace sluice {
template <class T> class chan {
public:
  chan() {}
  explicit chan(unsigned long capacity) : room(capacity) {}
  chan(const chan &other) : room(other.room) {}
  ~chan() { room = 0; }
  void send(T value) {
    while (room == 0)
      last = value;
    --room;
  }
  void close() { room = 0; }

private:
  unsigned long room = 0;
  T last{};
};
} // namespace sluice
