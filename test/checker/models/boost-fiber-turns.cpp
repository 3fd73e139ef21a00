// Fibers of one thread take turns: one runs until it waits, and those that were started begin in their order.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes %s -- -std=c++20 | FileCheck %s --implicit-check-not=warning:
// RUN: not sluice check --no-fixes %s -- -std=c++20 -DSPREAD | FileCheck %s --check-prefixes=CHECK,SPREAD --implicit-check-not=warning:
#include <boost/fiber/all.hpp>

namespace fibers = boost::fibers;

#ifdef SPREAD
// Fibers that any thread may run are as free as threads.
void spread() { fibers::use_scheduling_algorithm<fibers::algo::shared_work>(); }
#endif

void waitsFirstOk() {
  fibers::mutex door;
  fibers::condition_variable bell;
  fibers::fiber sleeper(fibers::launch::dispatch, [&] {
    std::unique_lock<fibers::mutex> hold(door);
    // SPREAD: :[[@LINE+1]]:5: warning: wait on 'bell' can block for ever
    bell.wait(hold);
  });
  fibers::fiber caller(fibers::launch::dispatch, [&] { bell.notify_one(); });
  sleeper.join();
  caller.join();
}

// The sleeper was started first, so it waits before the caller begins.
void waitsFirstPostedOk() {
  fibers::mutex door;
  fibers::condition_variable bell;
  fibers::fiber sleeper(fibers::launch::post, [&] {
    std::unique_lock<fibers::mutex> hold(door);
    // SPREAD: :[[@LINE+1]]:5: warning: wait on 'bell' can block for ever
    bell.wait(hold);
  });
  fibers::fiber caller(fibers::launch::post, [&] { bell.notify_one(); });
  caller.join();
  sleeper.join();
}

// Each has its turn as it is started.
void bothWaitFirstOk() {
  fibers::mutex door;
  fibers::condition_variable bell;
  auto sleep = [&] {
    std::unique_lock<fibers::mutex> hold(door);
    // SPREAD: :[[@LINE+1]]:5: warning: wait on 'bell' can block for ever
    bell.wait(hold);
  };
  fibers::fiber one(fibers::launch::dispatch, sleep), two(fibers::launch::dispatch, sleep);
  fibers::fiber caller(fibers::launch::dispatch, [&] { bell.notify_one(); });
  bell.notify_one();
  one.join();
  two.join();
  caller.join();
}

void callsFirstBad() {
  fibers::mutex door;
  fibers::condition_variable bell;
  fibers::fiber caller(fibers::launch::dispatch, [&] { bell.notify_one(); });
  fibers::fiber sleeper(fibers::launch::dispatch, [&] {
    std::unique_lock<fibers::mutex> hold(door);
    // CHECK: :[[@LINE+1]]:5: warning: wait on 'bell' {{(can block|blocks)}} for ever
    bell.wait(hold);
  });
  sleeper.join();
  caller.join();
}

// Who sleeps lets the others go on first.
void sleepsOk() {
  fibers::mutex door;
  fibers::condition_variable bell;
  fibers::fiber sleeper([&] {
    std::unique_lock<fibers::mutex> hold(door);
    // SPREAD: :[[@LINE+1]]:5: warning: wait on 'bell' can block for ever
    bell.wait(hold);
  });
  boost::this_fiber::yield();
  bell.notify_one();
  sleeper.join();
}

void doesNotSleepBad() {
  fibers::mutex door;
  fibers::condition_variable bell;
  fibers::fiber sleeper([&] {
    std::unique_lock<fibers::mutex> hold(door);
    // CHECK: :[[@LINE+1]]:5: warning: wait on 'bell' {{(can block|blocks)}} for ever
    bell.wait(hold);
  });
  bell.notify_one();
  sleeper.join();
}

// Which of two that wait goes on first is open: each may take what the other needs.
void takesBothBad() {
  fibers::buffered_channel<int> jobs(4);
  auto takeTwo = [&] {
    int job;
    jobs.pop(job);
    // CHECK: :[[@LINE+1]]:5: warning: receive from 'jobs' waits for ever
    jobs.pop(job);
  };
  fibers::fiber one(takeTwo), two(takeTwo);
  jobs.push(1);
  jobs.push(2);
  jobs.push(3);
  one.join();
  two.join();
}

// That nothing rests between the two locks yet does not make their order right.
void ordersBad() {
  fibers::mutex a, b;
  fibers::fiber one([&] {
    std::lock_guard<fibers::mutex> first(a);
    // CHECK: :[[@LINE+1]]:36: warning: lock of 'b' can wait for ever
    std::lock_guard<fibers::mutex> second(b);
  });
  fibers::fiber two([&] {
    std::lock_guard<fibers::mutex> first(b);
    std::lock_guard<fibers::mutex> second(a);
  });
  one.join();
  two.join();
}

// A loop that polls lets others go on: what it calls may rest.
void rest();
void pollsOk() {
  bool done = false;
  fibers::fiber poller([&] {
    while (!done)
      rest();
  });
  fibers::fiber setter([&] { done = true; });
  poller.join();
  setter.join();
}
