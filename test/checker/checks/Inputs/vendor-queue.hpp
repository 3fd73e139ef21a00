// A queue of somebody else's, in a header whose code is not looked at.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once
#pragma GCC system_header

namespace vendor {
inline namespace v2 {
class queue {
public:
  void enqueue(int);
  int dequeue();
  unsigned rejected() const;
};
} // namespace v2
} // namespace vendor
