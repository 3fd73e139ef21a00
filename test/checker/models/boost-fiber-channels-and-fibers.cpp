// Boost.Fiber's own headers are understood: what hangs is found, and its usual idioms are verified.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes %s -- -std=c++20 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <boost/fiber/all.hpp>
#include <iostream>
#include <memory>
#include <vector>

namespace fibers = boost::fibers;
using channel = fibers::buffered_channel<int>;
using status = fibers::channel_op_status;

// A buffered channel keeps one of its slots empty.
void oneTooManyBad() {
  channel work(2);
  work.push(1);
  // CHECK: :[[@LINE+1]]:3: warning: send on 'work' blocks for ever [sluice-unreceived-send]
  work.push(2);
}

void fitsOk() {
  channel work(4);
  work.push(1);
  work.push(2);
  work.push(3);
}

void workerNeverToldBad() {
  channel work(8);
  fibers::fiber worker([&] {
    int item = 0;
    // CHECK: :[[@LINE+1]]:12: warning: receive from 'work' waits for ever [sluice-starved-receive]
    while (work.pop(item) == status::success)
      std::cout << item;
  });
  work.push(1);
  worker.join();
}

void workerToldOk() {
  channel work(8);
  fibers::fiber worker([&] {
    int item = 0;
    while (work.pop(item) == status::success)
      std::cout << item;
  });
  work.push(1);
  work.close();
  worker.join();
}

void rangeNeverClosedBad() {
  fibers::unbuffered_channel<int> numbers;
  fibers::fiber reader([&] {
    // CHECK: :[[@LINE+1]]:18: warning: receive from 'numbers' waits for ever [sluice-starved-receive]
    for (int n : numbers)
      std::cout << n;
  });
  for (int i = 0; i != 3; ++i)
    numbers.push(i);
  reader.join();
}

void rangeClosedOk() {
  fibers::unbuffered_channel<int> numbers;
  fibers::fiber reader(fibers::launch::dispatch, [&] {
    for (int n : numbers)
      std::cout << n;
  });
  for (int i = 0; i != 3; ++i)
    numbers.push(i);
  numbers.close();
  reader.join();
}

class pool {
public:
  pool() {
    for (int i = 0; i != 3; ++i)
      workers.emplace_back([this] {
        int task = 0;
        while (tasks.pop(task) == status::success)
          std::cout << task;
      });
  }
  void submit(int task) { tasks.push(task); }
  ~pool() {
    tasks.close();
    for (fibers::fiber &worker : workers)
      worker.join();
  }

private:
  channel tasks{64};
  std::vector<fibers::fiber> workers;
};

void poolOk() {
  pool p;
  p.submit(1);
  p.submit(2);
}

void firstWinsOk() {
  auto results = std::make_shared<channel>(4);
  for (int i = 0; i != 2; ++i)
    fibers::fiber([results, i] { results->push(i); }).detach();
  std::cout << results->value_pop();
}

void firstWinsBad() {
  auto results = std::make_shared<fibers::unbuffered_channel<int>>();
  for (int i = 0; i != 2; ++i)
    // CHECK: :[[@LINE+1]]:34: warning: send on 'results' blocks for ever [sluice-unreceived-send]
    fibers::fiber([results, i] { results->push(i); }).detach();
  std::cout << results->value_pop();
}

void dropsOk() {
  channel work(2);
  for (int i = 0; i != 5; ++i)
    work.try_push(i);
}

// A closed channel is not full.
void retriesOk() {
  channel work(2);
  fibers::fiber sender([&] {
    while (work.try_push(1) != status::closed)
      boost::this_fiber::yield();
  });
  work.close();
  sender.join();
}

// Whoever pushes goes on when the other side closes.
void refusedOk() {
  fibers::unbuffered_channel<int> numbers;
  fibers::fiber sender([&] {
    while (numbers.push(1) == status::success) {
    }
  });
  numbers.value_pop();
  numbers.close();
  sender.join();
}

void deafToRefusalBad() {
  fibers::unbuffered_channel<int> numbers;
  fibers::fiber asker([&] {
    // CHECK: :[[@LINE+1]]:14: warning: send on 'numbers' blocks for ever [sluice-unreceived-send]
    for (;;) numbers.push(1);
  });
  numbers.value_pop();
  asker.join();
}

void waitsOk() {
  fibers::mutex m;
  fibers::condition_variable changed;
  bool ready = false;
  fibers::fiber waiter([&] {
    std::unique_lock<fibers::mutex> lock(m);
    changed.wait(lock, [&] { return ready; });
  });
  {
    std::unique_lock<fibers::mutex> lock(m);
    ready = true;
  }
  changed.notify_one();
  waiter.join();
}

void nobodyNotifiesBad() {
  fibers::mutex m;
  fibers::condition_variable changed;
  bool ready = false;
  fibers::fiber waiter(fibers::launch::dispatch, [&] {
    std::unique_lock<fibers::mutex> lock(m);
    // CHECK: :[[@LINE+1]]:5: warning: wait on 'changed' blocks for ever: no notify comes after it [sluice-lost-notify]
    changed.wait(lock, [&] { return ready; });
  });
  {
    std::unique_lock<fibers::mutex> lock(m);
    ready = true;
  }
  waiter.join();
}

void barrierBad() {
  fibers::barrier meet(3);
  // CHECK: :[[@LINE+1]]:29: warning: wait for 'meet' blocks for ever: nothing sets it [sluice-unfulfilled-wait]
  fibers::fiber other([&] { meet.wait(); });
  // CHECK: :[[@LINE+1]]:3: warning: wait for 'meet' blocks for ever: nothing sets it [sluice-unfulfilled-wait]
  meet.wait();
  other.join();
}

void futuresOk() {
  fibers::promise<int> promise;
  fibers::future<int> result = promise.get_future();
  fibers::fiber setter([p = std::move(promise)]() mutable { p.set_value(3); });
  fibers::future<int> other = fibers::async(fibers::launch::post, [] { return 4; });
  std::cout << result.get() + other.get();
  setter.join();
}

void forgottenBad() {
  // CHECK: :[[@LINE+1]]:17: warning: thread 'worker' is neither joined nor detached when its handle ends, which ends the program [sluice-unjoined-task]
  fibers::fiber worker([] {});
}
// CHECK: {{[0-9]+}} without verdict
