// A function that is handed a bare flag refuses to go on while the lock is held. Nothing that leads to the lock
// is handed to it, so that it throws is passed over.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check --checks='-*,double-lock' %s -- %flags
// XFAIL: *
#include <mutex>
#include <stdexcept>

void refuse(bool held) {
  if (held)
    throw std::logic_error("inside");
}

class RefusesOk {
public:
  virtual ~RefusesOk() = default;
  void outer() {
    std::lock_guard<std::mutex> hold(mu);
    held = true;
    inner();
    held = false;
  }

protected:
  virtual void inner() {
    refuse(held);
    std::lock_guard<std::mutex> again(mu);
  }
  std::mutex mu;
  bool held = false;
};
