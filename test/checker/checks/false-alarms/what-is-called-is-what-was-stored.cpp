// A call through a pointer, a virtual method or a callback goes to what is there, not to all that fits.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <sluice/chan.hpp>
#include <sluice/task.hpp>

#include <functional>
#include <memory>
#include <mutex>

struct Sink {
  virtual ~Sink() = default;
  virtual void put(int value) = 0;
};

struct Forget : Sink {
  void put(int) override {}
};

struct Lock : Sink {
  explicit Lock(std::mutex &m) : m(m) {}
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-double-lock]
  void put(int) override { std::lock_guard lock(m); }
  std::mutex &m;
};

void virtualOk() {
  std::mutex m;
  Forget forget;
  Sink *sink = &forget;
  std::lock_guard lock(m);
  sink->put(1);
}

void virtualBad() {
  std::mutex m;
  Lock locking(m);
  Sink *sink = &locking;
  std::lock_guard lock(m);
  sink->put(1);
}

void ownedOk(bool quiet) {
  std::mutex m;
  std::unique_ptr<Sink> sink;
  if (quiet)
    sink = std::make_unique<Forget>();
  else
    sink = std::make_unique<Lock>(m);
  if (!quiet) {
    sink->put(1);
    return;
  }
  std::lock_guard lock(m);
  sink->put(1);
}

static void receive(sluice::chan<int> from) { from.recv(); }
static void skip(sluice::chan<int>) {}

void pointerOk() {
  sluice::chan<int> results(0);
  sluice::go([results] { results.send(1); });
  void (*take)(sluice::chan<int>) = receive;
  take(results);
}

void eitherBad(bool lazy) {
  sluice::chan<int> results(0);
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-unreceived-send]
  sluice::go([results] { results.send(1); });
  void (*take)(sluice::chan<int>) = lazy ? skip : receive;
  take(results);
}

void callbackOk() {
  std::mutex m;
  std::function<void()> done = [] {};
  std::lock_guard lock(m);
  done();
}

void callbackBad() {
  std::mutex m;
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-double-lock]
  std::function<void()> done = [&] { std::lock_guard inner(m); };
  std::lock_guard lock(m);
  done();
}
