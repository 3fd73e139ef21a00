// Qt's mutexes, conditions, semaphores and tasks are understood; a time of -1 is no limit.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes %s -- -std=c++20 -I%S/Inputs 2>&1 | FileCheck %s --implicit-check-not=warning:
#include "qt.h"
#include <climits>

struct box {
  QMutex mutex;
  QWaitCondition filled;
  bool full = false;

  void put() {
    QMutexLocker locker(&mutex);
    full = true;
    filled.wakeOne();
  }
  void putSilently() {
    QMutexLocker locker(&mutex);
    full = true;
  }
};

void waitsOk() {
  box b;
  auto putting = QtConcurrent::run([&] { b.put(); });
  {
    QMutexLocker locker(&b.mutex);
    while (!b.full)
      b.filled.wait(&b.mutex);
  }
  putting.waitForFinished();
}

void waitsBad() {
  box b;
  auto putting = QtConcurrent::run([&] { b.putSilently(); });
  {
    QMutexLocker locker(&b.mutex);
    while (!b.full)
      // CHECK: :[[@LINE+1]]:7: warning: wait on 'filled' can block for ever: no notify comes after it [sluice-lost-notify]
      b.filled.wait(&b.mutex);
  }
  putting.waitForFinished();
}

void waitsWithoutLimitBad() {
  box b;
  auto putting = QtConcurrent::run([&] { b.putSilently(); });
  {
    QMutexLocker locker(&b.mutex);
    while (!b.full)
      // CHECK: :[[@LINE+1]]:7: warning: wait on 'filled' can block for ever: no notify comes after it [sluice-lost-notify]
      b.filled.wait(&b.mutex, ULONG_MAX);
  }
  putting.waitForFinished();
}

void waitsForAWhileOk() {
  box b;
  auto putting = QtConcurrent::run([&] { b.putSilently(); });
  {
    QMutexLocker locker(&b.mutex);
    if (!b.full)
      b.filled.wait(&b.mutex, 100);
  }
  putting.waitForFinished();
}

void resultUnderLockBad() {
  QMutex mutex;
  QFuture<int> answer = QtConcurrent::run([&] {
    QMutexLocker locker(&mutex);
    return 1;
  });
  QMutexLocker locker(&mutex);
  // CHECK: :[[@LINE+1]]:3: warning: {{.*}}'mutex'{{.*}}[sluice-blocking-under-lock]
  answer.result();
}

void resultAfterUnlockOk() {
  QMutex mutex;
  QFuture<int> answer = QtConcurrent::run([&] {
    QMutexLocker locker(&mutex);
    return 1;
  });
  QMutexLocker locker(&mutex);
  locker.unlock();
  answer.result();
}

void semaphoreOk() {
  QSemaphore free(2);
  free.acquire(2);
  free.release();
  free.acquire();
}

void semaphoreBad() {
  QSemaphore free(1);
  free.acquire();
  // CHECK: :[[@LINE+1]]:3: warning: {{.*}}'free'{{.*}}[sluice-unfulfilled-wait]
  free.acquire();
}
// CHECK: {{[^0-9]}}0 without verdict
