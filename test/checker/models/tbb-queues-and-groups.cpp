// oneTBB's own headers are understood: what hangs is found, and its usual idioms are verified.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes %s -- -std=c++20 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <iostream>
#include <tbb/concurrent_queue.h>
#include <tbb/spin_mutex.h>
#include <tbb/task_group.h>
#include <thread>

void oneTooManyBad() {
  tbb::concurrent_bounded_queue<int> work;
  work.set_capacity(2);
  work.push(1);
  work.push(2);
  // CHECK: :[[@LINE+1]]:3: warning: send on 'work' blocks for ever [sluice-unreceived-send]
  work.push(3);
}

void unboundedOk() {
  tbb::concurrent_bounded_queue<int> work;
  for (int i = 0; i != 3; ++i)
    work.push(i);
}

// A pill ends each consumer.
void pillOk() {
  tbb::concurrent_bounded_queue<int> work;
  std::thread consumer([&] {
    for (;;) {
      int item = 0;
      work.pop(item);
      if (item < 0)
        return;
      std::cout << item;
    }
  });
  work.push(1);
  work.push(-1);
  consumer.join();
}

void noPillBad() {
  tbb::concurrent_bounded_queue<int> work;
  std::thread consumer([&] {
    for (;;) {
      int item = 0;
      // CHECK: :[[@LINE+1]]:7: warning: receive from 'work' waits for ever [sluice-starved-receive]
      work.pop(item);
      if (item < 0)
        return;
      std::cout << item;
    }
  });
  work.push(1);
  consumer.join();
}

void abortedOk() {
  tbb::concurrent_bounded_queue<int> work;
  std::thread consumer([&] {
    try {
      for (int item = 0;;) {
        work.pop(item);
        std::cout << item;
      }
    } catch (const std::exception &) {
    }
  });
  work.abort();
  consumer.join();
}

void pollsOk() {
  tbb::concurrent_bounded_queue<int> work;
  int item = 0;
  while (work.try_pop(item))
    std::cout << item;
}

void groupOk() {
  tbb::task_group tasks;
  tbb::concurrent_bounded_queue<int> results;
  for (int i = 0; i != 2; ++i)
    tasks.run([&results, i] { results.push(i); });
  tasks.wait();
}

void groupBad() {
  tbb::task_group tasks;
  tbb::concurrent_bounded_queue<int> results;
  results.set_capacity(1);
  for (int i = 0; i != 2; ++i)
    // CHECK: :[[@LINE+1]]:31: warning: send on 'results' blocks for ever [sluice-unreceived-send]
    tasks.run([&results, i] { results.push(i); });
  tasks.wait();
  int first = 0;
  results.pop(first);
}

void lockedBad() {
  tbb::spin_mutex m;
  tbb::concurrent_bounded_queue<int> answers;
  std::thread asked([&] {
    tbb::spin_mutex::scoped_lock lock(m);
    answers.push(1);
  });
  {
    tbb::spin_mutex::scoped_lock lock;
    lock.acquire(m);
    int answer = 0;
    // CHECK: :[[@LINE+1]]:5: warning: receive on 'answers' under 'm' can block for ever: 'asked' needs 'm' first [sluice-blocking-under-lock]
    answers.pop(answer);
  }
  asked.join();
}

void unlockedOk() {
  tbb::spin_mutex m;
  tbb::concurrent_bounded_queue<int> answers;
  std::thread asked([&] {
    tbb::spin_mutex::scoped_lock lock(m);
    answers.push(1);
  });
  {
    tbb::spin_mutex::scoped_lock lock;
    lock.acquire(m);
    lock.release();
    int answer = 0;
    answers.pop(answer);
  }
  asked.join();
}
// CHECK: {{[^0-9]}}0 without verdict
