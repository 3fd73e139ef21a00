// Closures: captures by value, by reference, with an initialiser and moved; functions in members
// and parameters.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check %s -- %flags 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <sluice/sluice.hpp>

#include <functional>
#include <memory>
#include <vector>

void byValueBad() {
  sluice::chan<int> c;
  sluice::go([c] {
    c.send(1); // CHECK: :[[@LINE]]:{{.*}} [sluice-unreceived-send]
  });
}

void initCaptureOk() {
  sluice::chan<int> c;
  sluice::go([out = sluice::send_chan<int>(c)] { out.send(1); });
  c.recv();
}

void movedCaptureBad() {
  auto c = std::make_unique<sluice::chan<int>>(1);
  sluice::chan<int> seen = *c;
  sluice::go([own = std::move(c)] {
    own->send(1);
    own->send(2); // CHECK: :[[@LINE]]:{{.*}} [sluice-unreceived-send]
  });
}

class button {
public:
  void on_click(std::function<void(int)> f) { handlers_.push_back(std::move(f)); }
  void click() {
    for (auto &h : handlers_)
      h(1);
  }

private:
  std::vector<std::function<void(int)>> handlers_;
};

void memberBad() {
  button b;
  sluice::chan<int> c(1);
  b.on_click([c](int n) {
    c.send(n); // CHECK: :[[@LINE]]:{{.*}} [sluice-unreceived-send]
  });
  b.click();
  b.click();
}

void memberOk() {
  button b;
  sluice::chan<int> c(2);
  b.on_click([c](int n) { c.send(n); });
  b.on_click([](int) {});
  b.click();
  b.click();
}

template <class F> void apply(F &&f) { std::forward<F>(f)(); }

void parameterOk() {
  sluice::mutex mu;
  apply([&] { mu.lock(); });
  apply([&] { mu.unlock(); });
  mu.lock();
  mu.unlock();
}

void genericBad() {
  sluice::mutex mu;
  auto take = [](auto &m) { m.lock(); }; // CHECK: :[[@LINE]]:{{.*}} [sluice-double-lock]
  take(mu);
  take(mu);
}

struct worker {
  sluice::chan<int> jobs;
  void drain() {
    while (jobs.recv())
      ;
  }
};

void boundMethodOk() {
  auto w = std::make_shared<worker>();
  sluice::go(std::bind(&worker::drain, w));
  w->jobs.send(1);
  w->jobs.close();
}

void memberPointerOk() {
  worker w;
  void (worker::*run)() = &worker::drain;
  w.jobs.close();
  (w.*run)();
}

void emptyFunctionOk() {
  std::function<void()> f;
  sluice::chan<> c;
  if (f)
    c.recv();
}

// CHECK: {{ }}0 without verdict
