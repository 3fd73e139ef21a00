// Shared locks of a library are in each other's way only where one side wants them alone.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-*,lock-order-cycle' %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <mutex>
#include <shared_mutex>

struct Pair {
  std::shared_mutex a, b;
  int n = 0;
};
int readersForwardOk(Pair &p) {
  std::shared_lock first(p.a);
  std::shared_lock second(p.b);
  return p.n;
}
int readersBackwardOk(Pair &p) {
  std::shared_lock first(p.b);
  std::shared_lock second(p.a);
  return p.n;
}

struct Table {
  std::shared_mutex rows, columns;
  int n = 0;
};
void writerForwardBad(Table &t) {
  std::unique_lock first(t.rows);
  // CHECK: [[@LINE+1]]:20: warning: lock of 'Table::columns' can wait for ever: 'readerBackward' holds it and waits for 'Table::rows' [sluice-lock-order-cycle]
  std::unique_lock second(t.columns);
  ++t.n;
}
int readerBackward(Table &t) {
  std::shared_lock first(t.columns);
  std::shared_lock second(t.rows);
  return t.n;
}
