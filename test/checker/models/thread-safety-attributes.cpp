// The attributes of Clang's thread-safety analysis tell what locks and guards do whose code is elsewhere.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes %s -- -std=c++20 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <thread>

#define ATTRIBUTE(x) __attribute__((x))

class ATTRIBUTE(capability("mutex")) Mutex {
public:
  void lock() ATTRIBUTE(acquire_capability());
  void unlock() ATTRIBUTE(release_capability());
  bool tryLock() ATTRIBUTE(try_acquire_capability(true));
  void assertHeld() ATTRIBUTE(assert_capability(this));

private:
  void *state = nullptr;
};

class ATTRIBUTE(capability("mutex")) SharedMutex {
public:
  SharedMutex();
  ~SharedMutex();
  void lock() ATTRIBUTE(acquire_capability());
  void unlock() ATTRIBUTE(release_capability());
  void lockShared() ATTRIBUTE(acquire_shared_capability());
  void unlockShared() ATTRIBUTE(release_shared_capability());
};

class ATTRIBUTE(capability("mutex")) RecursiveMutex {
public:
  void lock() ATTRIBUTE(acquire_capability());
  void unlock() ATTRIBUTE(release_capability());
};

class ATTRIBUTE(scoped_lockable) MutexLock {
public:
  explicit MutexLock(Mutex *m) ATTRIBUTE(acquire_capability(m));
  ~MutexLock() ATTRIBUTE(release_capability());
  void unlock() ATTRIBUTE(release_capability());

private:
  Mutex *held;
};

class ATTRIBUTE(scoped_lockable) ReadLock {
public:
  explicit ReadLock(SharedMutex &m) ATTRIBUTE(acquire_shared_capability(m));
  ~ReadLock() ATTRIBUTE(release_capability());
};

bool enough();

void oppositeOrdersBad() {
  Mutex left, right;
  std::thread other([&] {
    MutexLock first(&right);
    MutexLock second(&left);
  });
  {
    MutexLock first(&left);
    // CHECK: :[[@LINE+1]]:15: warning: lock of 'right' can wait for ever: 'other' holds it and waits for 'left' [sluice-lock-order-cycle]
    MutexLock second(&right);
  }
  other.join();
}

void sameOrderOk() {
  Mutex left, right;
  std::thread other([&] {
    MutexLock first(&left);
    MutexLock second(&right);
  });
  {
    MutexLock first(&left);
    MutexLock second(&right);
  }
  other.join();
}

void lockedTwiceBad() {
  Mutex m;
  MutexLock guard(&m);
  // CHECK: :[[@LINE+1]]:3: warning: lock of 'm' blocks for ever: this task holds 'm' already [sluice-double-lock]
  m.lock();
  m.unlock();
}

void unlockedBeforeOk() {
  Mutex m;
  MutexLock guard(&m);
  m.assertHeld();
  guard.unlock();
  m.lock();
  m.unlock();
}

void notUnlockedBad() {
  Mutex m;
  // CHECK: :[[@LINE+1]]:3: warning: lock of 'm' can be kept for ever: 'notUnlockedBad' returns without unlocking it [sluice-missing-unlock]
  m.lock();
  if (enough())
    return;
  m.unlock();
}

void backsOffOk() {
  Mutex left, right;
  std::thread other([&] {
    MutexLock first(&right);
    if (left.tryLock())
      left.unlock();
  });
  left.lock();
  right.lock();
  right.unlock();
  left.unlock();
  other.join();
}

void readTwiceInOrderOk() {
  SharedMutex m;
  std::thread other([&] { ReadLock reading(m); });
  { ReadLock reading(m); }
  m.lock();
  m.unlock();
  other.join();
}

void upgradedBad() {
  SharedMutex m;
  ReadLock reading(m);
  // CHECK: :[[@LINE+1]]:3: warning: lock of 'm' blocks for ever: this task holds 'm' already [sluice-double-lock]
  m.lock();
  m.unlock();
}

// No attribute of LLVM 19 says that an owner may lock again; the name does.
void lockedTwiceOk() {
  RecursiveMutex m;
  m.lock();
  m.lock();
  m.unlock();
  m.unlock();
}

// Attributes that name something else than the object are not read: what the class does is unknown.
class ATTRIBUTE(capability("mutex")) Elsewhere {
public:
  void lock() ATTRIBUTE(acquire_capability(inner));
  void unlock() ATTRIBUTE(release_capability(inner));
  Mutex inner;
};

void elsewhereOk() {
  Elsewhere m;
  m.lock();
  m.lock();
}
