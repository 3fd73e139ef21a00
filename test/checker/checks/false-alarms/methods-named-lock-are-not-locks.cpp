// A class with methods named 'lock' and 'unlock' is no lock unless a model or its body says so.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <mutex>

class Door {
public:
  void lock() { locked = true; }
  void unlock() { locked = false; }

private:
  bool locked = false;
};

void namedLockOk() {
  Door door;
  door.lock();
  door.lock();
}

class Gate {
public:
  void close() { m.lock(); }
  void open() { m.unlock(); }

private:
  std::mutex m;
};

void isLockBad() {
  Gate gate;
  gate.close();
  // CHECK: warning: {{.*}} [sluice-double-lock]
  gate.close();
}
