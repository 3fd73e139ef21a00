// Abseil's own headers are understood: what hangs is found, and its usual idioms are verified.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes %s -- -std=c++20 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <absl/synchronization/barrier.h>
#include <absl/synchronization/blocking_counter.h>
#include <absl/synchronization/mutex.h>
#include <absl/synchronization/notification.h>
#include <absl/time/time.h>
#include <deque>
#include <optional>
#include <thread>

void notifiedOk() {
  absl::Notification done;
  std::thread worker([&] { done.Notify(); });
  done.WaitForNotification();
  worker.join();
}

void notNotifiedBad(bool enough) {
  absl::Notification done;
  std::thread worker([&] {
    if (enough)
      return;
    done.Notify();
  });
  // CHECK: :[[@LINE+1]]:3: warning: wait for 'done' can block for ever: nothing sets it [sluice-unfulfilled-wait]
  done.WaitForNotification();
  worker.join();
}

void countedOk() {
  absl::BlockingCounter left(2);
  std::thread first([&] { left.DecrementCount(); }), second([&] { left.DecrementCount(); });
  left.Wait();
  first.join();
  second.join();
}

void oneTooFewBad() {
  absl::BlockingCounter left(3);
  std::thread first([&] { left.DecrementCount(); }), second([&] { left.DecrementCount(); });
  // CHECK: :[[@LINE+1]]:3: warning: wait for 'left' blocks for ever: its counter stays above zero [sluice-wait-group-misuse]
  left.Wait();
  first.join();
  second.join();
}

// Nothing notifies an awaited condition: whoever unlocks the mutex has it looked at.
class jobs {
public:
  void put(int job) {
    absl::MutexLock lock(&m);
    waiting.push_back(job);
  }
  int take() {
    absl::MutexLock lock(&m, absl::Condition(this, &jobs::some));
    int job = waiting.front();
    waiting.pop_front();
    return job;
  }

private:
  bool some() const { return !waiting.empty(); }
  absl::Mutex m;
  std::deque<int> waiting;
};

void awaitsJobOk() {
  jobs open;
  std::thread producer([&] { open.put(1); });
  open.take();
  producer.join();
}

void readyOk() {
  absl::Mutex m;
  bool ready = false;
  std::thread other([&] {
    m.Lock();
    ready = true;
    m.Unlock();
  });
  m.LockWhen(absl::Condition(&ready));
  m.Unlock();
  other.join();
}

void neverReadyBad() {
  absl::Mutex m;
  bool ready = false;
  std::thread other([&] {
    absl::MutexLock lock(&m);
    ready = false;
  });
  m.Lock();
  // CHECK: :[[@LINE+1]]:3: warning: wait on 'm' blocks for ever: no notify comes after it [sluice-lost-notify]
  m.Await(absl::Condition(&ready));
  m.Unlock();
  other.join();
}

void twoConditionsOk() {
  absl::Mutex m;
  int turn = 0;
  auto mine = [&turn] { return turn == 1; };
  std::thread other([&] {
    absl::MutexLock lock(&m);
    turn = 1;
  });
  {
    absl::MutexLock lock(&m);
    m.Await(absl::Condition(&mine));
  }
  other.join();
}

void timedOk() {
  absl::Mutex m;
  bool ready = false;
  absl::MutexLock lock(&m);
  m.AwaitWithTimeout(absl::Condition(&ready), absl::Seconds(1));
}

void signalledOk() {
  absl::Mutex m;
  absl::CondVar changed;
  bool ready = false;
  std::thread other([&] {
    absl::MutexLock lock(&m);
    ready = true;
    changed.Signal();
  });
  {
    absl::MutexLock lock(&m);
    while (!ready)
      changed.Wait(&m);
  }
  other.join();
}

void twiceBad() {
  absl::Mutex m;
  absl::MutexLock outer(&m);
  // CHECK: :[[@LINE+1]]:19: warning: {{.*}}'m'{{.*}}[sluice-double-lock]
  absl::MutexLock inner(&m);
}

void releasedOk() {
  absl::Mutex m;
  absl::ReleasableMutexLock outer(&m);
  outer.Release();
  absl::MutexLock inner(&m);
}

void keptBad(bool early) {
  absl::Mutex m;
  // CHECK: :[[@LINE+1]]:3: warning: {{.*}}[sluice-missing-unlock]
  m.Lock();
  if (early)
    return;
  m.Unlock();
}

void barrierOk() {
  auto *meet = new absl::Barrier(2);
  std::thread other([=] {
    if (meet->Block())
      delete meet;
  });
  if (meet->Block())
    delete meet;
  other.join();
}
// CHECK: {{[^0-9]}}0 without verdict
