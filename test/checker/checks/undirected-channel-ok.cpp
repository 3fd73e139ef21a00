// Nothing is said of handles that are used both ways, passed on, or whose type is not theirs to choose.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check --checks='-*,undirected-channel' --fail-on style %s -- %flags | FileCheck %s
// CHECK-NOT: style:
// CHECK: sluice: no warnings in 1 file
#include <sluice/chan.hpp>
#include <sluice/task.hpp>

void bothOk(sluice::chan<int> c) {
  c.send(1);
  c.recv();
}

void passedOnOk(sluice::chan<int> c) { bothOk(c); }

sluice::chan<int> returnedOk(sluice::chan<int> c) {
  c.send(1);
  return c;
}

void copiedOk(sluice::chan<int> c) {
  sluice::go([d = c] { d.recv(); });
  c.send(2);
}

void assignedOk(sluice::chan<int> c) {
  c = sluice::chan<int>(3);
  c.send(1);
}

void outOk(sluice::chan<int> &c) { c.send(1); }

struct Base {
  virtual ~Base() = default;
  virtual void overriddenOk(sluice::chan<int> c) { c.send(1); }
};

void addressedOk(sluice::chan<int> c) { c.send(1); }
void (*const table[])(sluice::chan<int>) = {addressedOk, &addressedOk};

void overloadedOk(sluice::chan<int> c) { c.send(1); }
void overloadedOk(sluice::recv_chan<int> c) { c.recv(); }

template <class T> void deducedOk(sluice::chan<T> c) { c.send(T()); }
template void deducedOk(sluice::chan<int>);

void directedOk(sluice::send_chan<int> c) { c.send(1); }
void unusedOk(sluice::chan<int>) {}

// Only asked how full it is: no direction at all.
auto askedOk(sluice::chan<int> c) { return c.size(); }
