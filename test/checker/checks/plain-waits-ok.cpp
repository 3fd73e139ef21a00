// Waits of the standard library that always end, and look as if they might not.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check %s -- -std=c++20 | FileCheck %s
// CHECK: no warnings
#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <future>
#include <latch>
#include <mutex>
#include <semaphore>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <vector>

void notifyAfterUnlockOk() {
  std::mutex mutex;
  std::condition_variable wake;
  bool ready = false;
  std::thread t([&] {
    std::unique_lock hold(mutex);
    wake.wait(hold, [&] { return ready; });
  });
  {
    std::lock_guard hold(mutex);
    ready = true;
  }
  wake.notify_one();
  t.join();
}

void timedWaitInALoopOk() {
  std::mutex mutex;
  std::condition_variable wake;
  std::atomic<bool> ready = false;
  std::thread t([&] {
    std::unique_lock hold(mutex);
    while (!ready)
      wake.wait_for(hold, std::chrono::milliseconds(1));
  });
  ready = true;
  t.join();
}

void poisonPillOk() {
  std::mutex mutex;
  std::condition_variable filled;
  std::deque<int> items;
  auto push = [&](int v) {
    std::lock_guard hold(mutex);
    items.push_back(v);
    filled.notify_one();
  };
  std::thread consumer([&] {
    for (;;) {
      std::unique_lock hold(mutex);
      filled.wait(hold, [&] { return !items.empty(); });
      int v = items.front();
      items.pop_front();
      if (v < 0)
        return;
    }
  });
  push(1);
  push(-1);
  consumer.join();
}

void stopTokenWakesOk() {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::jthread worker([&](std::stop_token stop) {
    std::unique_lock hold(mutex);
    while (!wake.wait(hold, stop, [] { return false; }) && !stop.stop_requested())
      ;
  });
}

void promiseThatThrowsOk(bool fails) {
  std::promise<int> promise;
  std::future<int> future = promise.get_future();
  std::thread t([&] {
    try {
      if (fails)
        throw std::runtime_error("failed");
      promise.set_value(1);
    } catch (...) {
      promise.set_exception(std::current_exception());
    }
  });
  try {
    future.get();
  } catch (const std::runtime_error &) {
  }
  t.join();
}

void promiseThatIsDroppedOk() {
  std::future<int> future;
  {
    std::promise<int> promise;
    future = promise.get_future();
  }
  try {
    future.get();
  } catch (const std::future_error &) {
  }
}

void barrierWithPhasesOk() {
  int phases = 0;
  std::barrier step(2, [&]() noexcept { ++phases; });
  std::jthread other([&] {
    step.arrive_and_wait();
    step.arrive_and_wait();
    step.arrive_and_drop();
  });
  step.arrive_and_wait();
  auto token = step.arrive();
  step.wait(std::move(token));
  step.arrive_and_wait();
}

void latchOk() {
  std::latch done(2);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 2; ++i)
    threads.emplace_back([&] { done.count_down(); });
  done.wait();
}

void semaphorePingPongOk() {
  std::binary_semaphore ping(0), pong(0);
  std::jthread other([&] {
    ping.acquire();
    pong.release();
  });
  ping.release();
  pong.acquire();
}

void atomicWaitOk() {
  std::atomic<int> state = 0;
  std::jthread other([&] {
    state = 1;
    state.notify_one();
  });
  state.wait(0);
}

void atomicFlagOk() {
  std::atomic_flag flag;
  std::jthread other([&] {
    flag.test_and_set();
    flag.notify_all();
  });
  flag.wait(false);
}

void packagedTaskOk() {
  std::packaged_task<int(int)> task([](int n) { return n + 1; });
  std::future<int> result = task.get_future();
  std::thread t(std::move(task), 1);
  result.get();
  t.join();
}

void onceAgainAfterAnExceptionOk() {
  std::once_flag once;
  int tries = 0;
  for (int i = 0; i < 2; ++i)
    try {
      std::call_once(once, [&] {
        if (++tries == 1)
          throw std::runtime_error("first");
      });
    } catch (const std::runtime_error &) {
    }
}

void stoppedThroughASourceOk() {
  std::stop_source source;
  std::thread t([token = source.get_token()] {
    while (!token.stop_requested())
      std::this_thread::yield();
  });
  source.request_stop();
  t.join();
}

void movedThreadOk() {
  std::thread a([] {});
  std::thread b = std::move(a);
  b.join();
  std::jthread late;
  late = std::jthread([] {});
}

void detachedStoppableOk() {
  std::jthread t([](std::stop_token) {});
  t.detach();
}

int main(int argc, char **) {
  notifyAfterUnlockOk();
  timedWaitInALoopOk();
  poisonPillOk();
  stopTokenWakesOk();
  promiseThatThrowsOk(argc > 1);
  promiseThatIsDroppedOk();
  barrierWithPhasesOk();
  latchOk();
  semaphorePingPongOk();
  atomicWaitOk();
  atomicFlagOk();
  packagedTaskOk();
  onceAgainAfterAnExceptionOk();
  stoppedThroughASourceOk();
  movedThreadOk();
  detachedStoppableOk();
}
