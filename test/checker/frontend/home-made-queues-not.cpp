// What only looks like a queue is entered as any class is: its defect, or its extra, is seen there.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice-frontend %s -- %flags | FileCheck %s
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>

// CHECK-NOT: make chan

#define PARTS                                                                                      \
private:                                                                                           \
  std::mutex m;                                                                                    \
  std::condition_variable cv;                                                                      \
  std::deque<int> q;

#define PUSH                                                                                       \
  void push(int v) {                                                                               \
    std::lock_guard<std::mutex> lk(m);                                                             \
    q.push_back(v);                                                                                \
    cv.notify_one();                                                                               \
  }

#define POP                                                                                        \
  int pop() {                                                                                      \
    std::unique_lock<std::mutex> lk(m);                                                            \
    cv.wait(lk, [this] { return !q.empty(); });                                                    \
    int v = q.front();                                                                             \
    q.pop_front();                                                                                 \
    return v;                                                                                      \
  }

class ForgetsToNotify {
public:
  void push(int v) {
    std::lock_guard<std::mutex> lk(m);
    q.push_back(v);
  }
  POP PARTS
};

class NotifiesTooEarly {
public:
  void push(int v) {
    cv.notify_one();
    std::lock_guard<std::mutex> lk(m);
    q.push_back(v);
  }
  POP PARTS
};

class NotifiesOnlyTheFirst {
public:
  void push(int v) {
    std::lock_guard<std::mutex> lk(m);
    bool first = q.empty();
    q.push_back(v);
    if (first)
      cv.notify_one();
  }
  POP PARTS
};

class AsksOnce {
public:
  PUSH int pop() {
    std::unique_lock<std::mutex> lk(m);
    if (q.empty())
      cv.wait(lk);
    int v = q.front();
    q.pop_front();
    return v;
  }
  PARTS
};

class ClosesForOne {
public:
  PUSH bool pop(int &v) {
    std::unique_lock<std::mutex> lk(m);
    cv.wait(lk, [this] { return closed || !q.empty(); });
    if (q.empty())
      return false;
    v = q.front();
    q.pop_front();
    return true;
  }
  void close() {
    std::lock_guard<std::mutex> lk(m);
    closed = true;
    cv.notify_one();
  }
  PARTS bool closed = false;
};

class ClosesOutsideTheLock {
public:
  PUSH bool pop(int &v) {
    std::unique_lock<std::mutex> lk(m);
    cv.wait(lk, [this] { return closed || !q.empty(); });
    if (q.empty())
      return false;
    v = q.front();
    q.pop_front();
    return true;
  }
  void close() {
    closed = true;
    cv.notify_all();
  }
  PARTS std::atomic<bool> closed{false};
};

class ClosesUnseen {
public:
  PUSH bool pop(int &v) {
    std::unique_lock<std::mutex> lk(m);
    cv.wait(lk, [this] { return !q.empty(); });
    if (closed)
      return false;
    v = q.front();
    q.pop_front();
    return true;
  }
  void close() {
    std::lock_guard<std::mutex> lk(m);
    closed = true;
    cv.notify_all();
  }
  PARTS bool closed = false;
};

/// Both kinds of waiters on one condition, and one of them is woken.
class OneWakeForTwoKinds {
public:
  void push(int v) {
    std::unique_lock<std::mutex> lk(m);
    cv.wait(lk, [this] { return q.size() < 2; });
    q.push_back(v);
    cv.notify_one();
  }
  int pop() {
    std::unique_lock<std::mutex> lk(m);
    cv.wait(lk, [this] { return !q.empty(); });
    int v = q.front();
    q.pop_front();
    cv.notify_one();
    return v;
  }
  PARTS
};

class WaitsUntilEmpty {
public:
  PUSH POP void drain() {
    std::unique_lock<std::mutex> lk(m);
    cv.wait(lk, [this] { return q.empty(); });
  }
  PARTS
};

class Clears {
public:
  PUSH POP void clear() {
    std::lock_guard<std::mutex> lk(m);
    q.clear();
  }
  PARTS
};

class Stack {
public:
  PUSH int pop() {
    std::unique_lock<std::mutex> lk(m);
    cv.wait(lk, [this] { return !q.empty(); });
    int v = q.back();
    q.pop_back();
    return v;
  }
  PARTS
};

class KeepsTheLock {
public:
  void push(int v) {
    m.lock();
    q.push_back(v);
    cv.notify_one();
  }
  POP PARTS
};

class LendsItsLock {
public:
  PUSH POP std::mutex &lock() { return m; }
  PARTS
};

template <class Queue> int useBoth() {
  Queue q;
  q.push(1);
  return q.pop();
}

template <class Queue> void useClosed() {
  Queue q;
  q.push(1);
  int v = 0;
  q.pop(v);
  q.close();
}

void all() {
  useBoth<ForgetsToNotify>();
  useBoth<NotifiesTooEarly>();
  useBoth<NotifiesOnlyTheFirst>();
  useBoth<AsksOnce>();
  useClosed<ClosesForOne>();
  useClosed<ClosesOutsideTheLock>();
  useClosed<ClosesUnseen>();
  useBoth<OneWakeForTwoKinds>();
  useBoth<WaitsUntilEmpty>();
  useBoth<Clears>();
  useBoth<Stack>();
  useBoth<KeepsTheLock>();
  useBoth<LendsItsLock>();
}
