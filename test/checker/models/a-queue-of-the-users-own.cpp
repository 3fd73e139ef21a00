// A class that a model file describes is a channel to the checker.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice-frontend --models %S/Inputs/queue.yaml %s -- %flags | FileCheck %s
namespace shop {
template <class T> class queue {
public:
  explicit queue(int n);
  void put(T v);
  int take(T &into);
};
} // namespace shop

// CHECK-LABEL: "useOk"
// CHECK: %q = make chan 3 name "q" type "queue<int>"
// CHECK: send %q, 5
// CHECK: [[GOT:%[0-9]+]], [[OK:%[0-9]+]] = recv %q
// CHECK: branch [[OK]]
int useOk() {
  shop::queue<int> q(4);
  q.put(5);
  int v = 0;
  if (q.take(v) == 0)
    return v;
  return -1;
}
