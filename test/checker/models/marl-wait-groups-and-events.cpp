// Marl's handles name one primitive however often they are copied, and its tasks need no join.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes %s -- -std=c++20 -I%S/Inputs 2>&1 | FileCheck %s --implicit-check-not=warning:
#include "marl.h"

void work(int);

void tasksOk() {
  marl::WaitGroup all(2);
  for (int i = 0; i != 2; ++i)
    marl::schedule([=] {
      defer(all.done());
      work(i);
    });
  all.wait();
}

void oneSkipsBad(bool skip) {
  marl::WaitGroup all(1);
  marl::schedule([=] {
    if (skip)
      return;
    all.done();
  });
  // CHECK: :[[@LINE+1]]:3: warning: wait for 'all' {{.*}} [sluice-wait-group-misuse]
  all.wait();
}

void nobodyJoinsOk() {
  marl::schedule([] { work(1); });
}

void signalledOk() {
  marl::Event ready;
  marl::schedule([=] { ready.signal(); });
  ready.wait();
}

// An automatic event lets one waiter pass.
void twoWaitersBad() {
  marl::Event ready;
  marl::WaitGroup both(2);
  for (int i = 0; i != 2; ++i)
    marl::schedule([=] {
      // CHECK: :[[@LINE+1]]:7: warning: wait for 'ready' {{.*}} [sluice-unfulfilled-wait]
      ready.wait();
      both.done();
    });
  ready.signal();
  both.wait();
}

void twoWaitersOk() {
  marl::Event ready(marl::Event::Mode::Manual);
  marl::WaitGroup both(2);
  for (int i = 0; i != 2; ++i)
    marl::schedule([=] {
      ready.wait();
      both.done();
    });
  ready.signal();
  both.wait();
}

void signalledTwiceOk() {
  marl::Event ready(marl::Event::Mode::Manual);
  ready.signal();
  ready.signal();
  ready.wait();
}

void clearedBad() {
  marl::Event ready(marl::Event::Mode::Manual, true);
  ready.wait();
  ready.clear();
  // CHECK: :[[@LINE+1]]:3: warning: wait for 'ready' {{.*}} [sluice-unfulfilled-wait]
  ready.wait();
}

void waitsOk() {
  marl::mutex m;
  marl::ConditionVariable changed;
  bool done = false;
  marl::schedule([&] {
    marl::lock lock(m);
    done = true;
    changed.notify_one();
  });
  marl::lock lock(m);
  changed.wait(lock, [&] { return done; });
}

void waitsUnderLockBad() {
  marl::mutex m;
  marl::WaitGroup all(1);
  marl::schedule([&m, all] {
    marl::lock lock(m);
    all.done();
  });
  marl::lock lock(m);
  // CHECK: :[[@LINE+1]]:3: warning: {{.*}}'m'{{.*}}[sluice-blocking-under-lock]
  all.wait();
}
// CHECK: {{[^0-9]}}0 without verdict
