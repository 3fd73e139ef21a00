// Locks that are always taken under one other lock are in no cycle, whoever takes that lock.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-*,lock-order-cycle' %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <mutex>

namespace gated {
struct Pair {
  std::mutex gate, a, b;
  int n = 0;
};
void forwardOk(Pair &p) {
  std::lock_guard gate(p.gate);
  std::lock_guard first(p.a);
  std::lock_guard second(p.b);
  ++p.n;
}
void backwardOk(Pair &p) {
  std::lock_guard gate(p.gate);
  std::lock_guard first(p.b);
  std::lock_guard second(p.a);
  ++p.n;
}
} // namespace gated

namespace gated_by_methods {
struct Gate {
  void enter() { m.lock(); }
  std::unique_lock<std::mutex> entered() { return std::unique_lock(m); }
  void leave() { m.unlock(); }

private:
  std::mutex m;
};
struct Pair {
  std::mutex a, b;
  int n = 0;
};
void oneOk(Gate &gate, Pair &p) {
  gate.enter();
  {
    std::lock_guard a(p.a);
    std::lock_guard b(p.b);
    ++p.n;
  }
  gate.leave();
}
void otherOk(Gate &gate, Pair &p) {
  std::unique_lock inside = gate.entered();
  std::lock_guard b(p.b);
  std::lock_guard a(p.a);
  ++p.n;
}
} // namespace gated_by_methods

namespace behind_constants {
class Table {
public:
  void insert() {
    std::lock_guard r(rows);
    std::lock_guard i(index);
    ++n;
  }
  void rebuildOk() {
    std::lock_guard i(index);
    if (sharded())
      rows.lock();
    ++n;
    if (sharded())
      rows.unlock();
  }
  void dropOk() {
    Mode mode;
    describe(mode);
    std::lock_guard i(index);
    if (mode.whole) {
      std::lock_guard r(rows);
      ++n;
    }
  }

private:
  struct Mode {
    int whole = 0, asked = 0;
  };
  static bool sharded() { return false; }
  void describe(Mode &mode) { ++mode.asked; }
  std::mutex rows, index;
  int n = 0;
};
void use(Table &t) {
  t.insert();
  t.rebuildOk();
  t.dropOk();
}
} // namespace behind_constants

namespace gated_by_caller {
class Pair {
public:
  void bothOk() {
    std::lock_guard gate(m);
    forward();
    backward();
  }

private:
  void forward() {
    std::lock_guard first(a);
    std::lock_guard second(b);
    ++n;
  }
  void backward() {
    std::lock_guard first(b);
    std::lock_guard second(a);
    ++n;
  }
  std::mutex m, a, b;
  int n = 0;
};
void use(Pair &p) { p.bothOk(); }
} // namespace gated_by_caller

namespace gate_left_early {
struct Pair {
  std::mutex gate, a, b;
  int n = 0;
};
void forwardBad(Pair &p) {
  std::lock_guard gate(p.gate);
  std::lock_guard first(p.a);
  // CHECK: [[@LINE+1]]:19: warning: lock of 'gate_left_early::Pair::b' can wait for ever: 'gate_left_early::backward' holds it and waits for 'gate_left_early::Pair::a' [sluice-lock-order-cycle]
  std::lock_guard second(p.b);
  ++p.n;
}
void backward(Pair &p) {
  std::unique_lock gate(p.gate);
  std::lock_guard first(p.b);
  gate.unlock();
  std::lock_guard second(p.a);
  ++p.n;
}
} // namespace gate_left_early
