// A task with a reference to a local whose scope may end first.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check %s -- %flags 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <sluice/sluice.hpp>

#include <thread>
#include <vector>

int measure(int page);

void earlyReturnBad() {
  int sum = 0;
  sluice::chan<> done(1);
  // CHECK: :[[@LINE+1]]:3: warning: 'adder' can outlive 'sum', which it refers to: nothing waits for it first [sluice-dangling-capture]
  sluice::go("adder", [&sum, done] {
    sum += measure(1);
    done.send({});
  });
  if (sum == 7)
    return;
  done.recv();
}

void earlyReturnOk() {
  int sum = 0;
  sluice::chan<> done(1);
  sluice::go([&sum, done] {
    sum += measure(1);
    done.send({});
  });
  done.recv();
}

void parameterBad(std::vector<int> pages) {
  // CHECK: :[[@LINE+1]]:3: warning: the task can outlive 'pages'
  sluice::go([&] {
    for (int page : pages)
      measure(page);
  });
}

void referenceParameterOk(std::vector<int> &pages) {
  sluice::go([&] {
    for (int page : pages)
      measure(page);
  });
}

void byValueOk() {
  int page = 3;
  sluice::go([page] { measure(page); });
}

void detachedBad() {
  int page = 3;
  // CHECK: :[[@LINE+1]]:15: warning: 'reader' can outlive 'page'
  std::thread reader([&] { measure(page); });
  reader.detach();
}

void joinedOk() {
  int page = 3;
  std::thread reader([&] { measure(page); });
  reader.join();
}

// The group waits in its destructor, before what was declared earlier ends.
void groupOk() {
  int page = 3;
  sluice::task_group tasks;
  tasks.go([&] { measure(page); });
}

void groupBad() {
  sluice::task_group tasks;
  int page = 3;
  // CHECK: :[[@LINE+1]]:3: warning: the task can outlive 'page'
  tasks.go([&] { measure(page); });
}

void helperWaitsOk() {
  sluice::wait_group all;
  auto finish = [&] { all.wait(); };
  all.add(1);
  sluice::go([&] { all.done(); });
  finish();
}

void innerScopeBad() {
  sluice::chan<> done(1);
  {
    int page = 3;
    // CHECK: :[[@LINE+1]]:5: warning: the task can outlive 'page'
    sluice::go([&page, done] {
      measure(page);
      done.send({});
    });
  }
  done.recv();
}

void notStartedOk() {
  int page = 3;
  auto later = [&] { measure(page); };
  later();
}

void throwsBad(bool small) {
  int page = 3;
  sluice::chan<> done(1);
  // CHECK: :[[@LINE+1]]:3: warning: the task can outlive 'page'
  sluice::go([&page, done] {
    measure(page);
    done.send({});
  });
  if (small)
    throw 1;
  done.recv();
}

// The loop that waits goes as often as the one that starts.
void waitsInALoopOk() {
  int page = 3;
  sluice::chan<> done(2);
  for (int i = 0; i < 2; ++i)
    sluice::go([&page, done] {
      measure(page);
      done.send({});
    });
  for (int i = 0; i < 2; ++i)
    done.recv();
}

void leavesTheLoopBad(bool early) {
  int page = 3;
  sluice::chan<> done(2);
  for (int i = 0; i < 2; ++i)
    // CHECK: :[[@LINE+1]]:5: warning: the task can outlive 'page'
    sluice::go([&page, done] {
      measure(page);
      done.send({});
    });
  for (int i = 0; i < 2; ++i) {
    if (early)
      return;
    done.recv();
  }
}
