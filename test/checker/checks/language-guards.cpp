// Guards as typestates: deferred, adopted, released, moved, several locks at once, shared ones.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check %s -- %flags 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <sluice/sluice.hpp>

#include <mutex>
#include <shared_mutex>

void deferredOk() {
  sluice::mutex mu;
  std::unique_lock<sluice::mutex> hold(mu, std::defer_lock);
  mu.lock();
  mu.unlock();
  hold.lock();
}

void deferredBad() {
  sluice::mutex mu;
  std::unique_lock<sluice::mutex> hold(mu, std::defer_lock);
  hold.lock();
  mu.lock(); // CHECK: :[[@LINE]]:{{.*}} [sluice-double-lock]
}

void adoptedOk() {
  sluice::mutex mu;
  mu.lock();
  {
    std::lock_guard<sluice::mutex> hold(mu, std::adopt_lock);
  }
  mu.lock();
  mu.unlock();
}

void releasedBad() {
  sluice::mutex mu;
  {
    std::unique_lock<sluice::mutex> hold(mu);
    hold.release();
  }
  mu.lock(); // CHECK: :[[@LINE]]:{{.*}} [sluice-double-lock]
}

std::unique_lock<sluice::mutex> held(sluice::mutex &mu) {
  std::unique_lock<sluice::mutex> hold(mu);
  return hold;
}

void movedOk() {
  sluice::mutex mu;
  {
    std::unique_lock<sluice::mutex> first = held(mu);
    std::unique_lock<sluice::mutex> second = std::move(first);
    second.unlock();
    if (first.owns_lock())
      mu.lock();
  }
  mu.lock();
  mu.unlock();
}

void movedBad() {
  sluice::mutex mu;
  auto hold = held(mu);
  mu.lock(); // CHECK: :[[@LINE]]:{{.*}} [sluice-double-lock]
}

void scopedOk() {
  sluice::mutex a, b;
  sluice::wait_group done;
  done.add(1);
  sluice::go([&] {
    std::scoped_lock both(b, a);
    done.done();
  });
  {
    std::scoped_lock both(a, b);
  }
  done.wait();
}

void lockAllOk() {
  sluice::mutex a, b;
  std::lock(a, b);
  std::lock_guard first(a, std::adopt_lock);
  std::lock_guard second(b, std::adopt_lock);
}

void sharedOk() {
  sluice::shared_mutex mu;
  std::shared_lock one(mu);
  std::shared_lock two(mu);
}

void sharedBad() {
  sluice::shared_mutex mu;
  std::shared_lock one(mu);
  std::unique_lock two(mu); // CHECK: :[[@LINE]]:{{.*}} [sluice-double-lock]
}

void earlyExitOk(int n) {
  sluice::mutex mu;
  for (int i = 0; i < n; ++i) {
    std::lock_guard hold(mu);
    if (i == 2)
      continue;
    if (i == 3)
      break;
  }
  mu.lock();
  mu.unlock();
}

// CHECK: {{ }}0 without verdict
