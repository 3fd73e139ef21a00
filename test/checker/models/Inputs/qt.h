// Stands in for Qt's classes of threads: the names that their model speaks of.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

class QMutex {
public:
  QMutex();
  void lock();
  void unlock();
  bool tryLock(int timeout = 0);
};

template <typename Mutex = QMutex> class QMutexLocker {
public:
  explicit QMutexLocker(Mutex *mutex);
  ~QMutexLocker();
  void unlock();
  void relock();
  Mutex *mutex() const;
};

class QDeadlineTimer {
public:
  enum ForeverConstant { Forever };
  QDeadlineTimer(ForeverConstant);
};

class QWaitCondition {
public:
  QWaitCondition();
  bool wait(QMutex *mutex, QDeadlineTimer deadline = QDeadlineTimer(QDeadlineTimer::Forever));
  bool wait(QMutex *mutex, unsigned long time);
  void wakeOne();
  void wakeAll();
};

class QSemaphore {
public:
  explicit QSemaphore(int n = 0);
  void acquire(int n = 1);
  bool tryAcquire(int n, int timeout);
  void release(int n = 1);
};

template <typename T> class QFuture {
public:
  QFuture();
  QFuture(const QFuture &);
  T result() const;
  void waitForFinished();
};

namespace QtConcurrent {
template <typename Function> auto run(Function &&f) -> QFuture<decltype(f())> { return {}; }
} // namespace QtConcurrent
