// A lock is released before an operation that blocks under it and needs nothing of what it guards.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: cp %s %t.cpp
// RUN: not sluice check --checks=-undirected-channel --fix %t.cpp -- %flags | FileCheck %s
// RUN: grep -Ev "(CHECK|FIXED)" %t.cpp | FileCheck --check-prefix=FIXED %s
// RUN: %compiler -fsyntax-only %flags %t.cpp
// RUN: sluice check --checks=-undirected-channel --fail-on=style %t.cpp -- %flags
#include <sluice/sluice.hpp>

#include <mutex>
#include <vector>

class Journal {
public:
  void append(int line) {
    std::unique_lock hold(mu_);
    lines_.push_back(line);
    written_.send(line);
  }
  int size() {
    std::lock_guard hold(mu_);
    return static_cast<int>(lines_.size());
  }
  int take() { return written_.recv().value(); }

private:
  sluice::mutex mu_;
  std::vector<int> lines_;
  sluice::chan<int> written_;
};

int uniqueLockBad() {
  Journal journal;
  sluice::go([&] { journal.append(1); });
  int before = journal.size();
  return before + journal.take();
}
// CHECK: warning: send on 'written_' under 'mu_' can block for ever
// CHECK: note: fix: release 'mu_' before the send: 'hold.unlock()' [proved]
// FIXED: lines_.push_back(line);
// FIXED-NEXT: hold.unlock();
// FIXED-NEXT: written_.send(line);

class Pool {
public:
  void stop() {
    std::lock_guard hold(mu_);
    stopping_ = true;
    workers_.wait();
  }
  void start() {
    workers_.add();
    sluice::go("worker", [this] {
      {
        std::lock_guard hold(mu_);
        ++runs_;
      }
      workers_.done();
    });
  }

private:
  sluice::mutex mu_;
  sluice::wait_group workers_;
  bool stopping_ = false;
  int runs_ = 0;
};

void lockGuardBad() {
  Pool pool;
  pool.start();
  pool.stop();
}
// CHECK: warning: wait on 'workers_' under 'mu_' can block for ever
// CHECK: note: fix: end the scope of 'hold' before the wait [proved]
// FIXED: void stop() {
// FIXED-NEXT: {{^}}    {
// FIXED-NEXT: {{^}}      std::lock_guard hold(mu_);
// FIXED-NEXT: {{^}}      stopping_ = true;
// FIXED-NEXT: {{^}}    }
// FIXED-NEXT: {{^}}    workers_.wait();

void byHandBad() {
  sluice::mutex mu;
  sluice::chan<> ready;
  int state = 0;
  mu.lock();
  sluice::go([&] {
    mu.lock();
    ++state;
    mu.unlock();
    ready.close();
  });
  ready.recv();
  mu.unlock();
}
// CHECK: warning: receive on 'ready' under 'mu' blocks for ever
// CHECK: note: fix: release 'mu' before the receive: 'mu.unlock()' [proved]
// FIXED: mu.unlock();
// FIXED: mu.unlock();
// FIXED-NEXT: ready.recv();
// FIXED-NEXT: }
