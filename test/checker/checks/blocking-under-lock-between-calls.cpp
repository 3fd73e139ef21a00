// A wait under a lock that every call which could end it needs is found in a class that others use.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks='-*,blocking-under-lock' %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <sluice/chan.hpp>

#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <queue>
#include <semaphore>
#include <shared_mutex>
#include <thread>

class Nested {
public:
  void waitBad() {
    std::lock_guard outer(gate);
    std::unique_lock l(m);
    // CHECK: :[[@LINE+1]]:5: warning: wait on 'm' and 'changed' under 'gate' can block for ever: another client needs 'gate' first [sluice-blocking-under-lock]
    changed.wait(l, [&] { return ready; });
  }
  void set() {
    std::lock_guard outer(gate);
    std::lock_guard l(m);
    ready = true;
    changed.notify_all();
  }
private:
  std::mutex gate, m;
  std::condition_variable changed;
  bool ready = false;
};

class Queue {
public:
  void pushBad(int v) {
    std::lock_guard outer(all);
    std::unique_lock l(m);
    // CHECK: :[[@LINE+1]]:5: warning: wait on 'm' and 'notFull' under 'all' can block for ever: another client needs 'all' first [sluice-blocking-under-lock]
    notFull.wait(l, [&] { return q.size() < 3; });
    q.push(v);
    notEmpty.notify_one();
  }
  int popBad() {
    std::lock_guard outer(all);
    std::unique_lock l(m);
    // CHECK: :[[@LINE+1]]:5: warning: wait on 'm' and 'notEmpty' under 'all' can block for ever: another client needs 'all' first [sluice-blocking-under-lock]
    notEmpty.wait(l, [&] { return !q.empty(); });
    int v = q.front();
    q.pop();
    notFull.notify_one();
    return v;
  }

private:
  std::mutex all, m;
  std::condition_variable notFull, notEmpty;
  std::queue<int> q;
};

/// Producers have a lock of their own, which no consumer needs.
class QueueOfTwoLocks {
public:
  void pushOk(int v) {
    std::lock_guard outer(producers);
    std::unique_lock l(m);
    notFull.wait(l, [&] { return q.size() < 3; });
    q.push(v);
    notEmpty.notify_one();
  }
  int popOk() {
    std::unique_lock l(m);
    notEmpty.wait(l, [&] { return !q.empty(); });
    int v = q.front();
    q.pop();
    notFull.notify_one();
    return v;
  }

private:
  std::mutex producers, m;
  std::condition_variable notFull, notEmpty;
  std::queue<int> q;
};

class Result {
public:
  int getBad() {
    std::lock_guard l(gate);
    // CHECK: :[[@LINE+1]]:12: warning: wait on 'p' under 'gate' can block for ever: another client needs 'gate' first [sluice-blocking-under-lock]
    return f.get();
  }
  void set() {
    std::lock_guard l(gate);
    p.set_value(3);
  }

private:
  std::mutex gate;
  std::promise<int> p;
  std::future<int> f = p.get_future();
};

class Tickets {
public:
  void takeBad() {
    std::lock_guard l(m);
    // CHECK: :[[@LINE+1]]:5: warning: acquire on 's' under 'm' can block for ever: another client needs 'm' first [sluice-blocking-under-lock]
    s.acquire();
    --n;
  }
  void give() {
    std::lock_guard l(m);
    ++n;
    s.release();
  }

private:
  std::mutex m;
  std::counting_semaphore<> s{0};
  int n = 0;
};

/// What a wait gives up of a lock that is taken twice is one of the two.
class Twice {
public:
  void waitForIt() {
    std::unique_lock l(m);
    waitInner();
  }
  void set() {
    std::lock_guard l(m);
    ready = true;
    changed.notify_all();
  }

private:
  void waitInner() {
    std::unique_lock l(m);
    while (!ready)
      // CHECK: :[[@LINE+1]]:7: warning: wait on 'm' and 'changed' under 'm' can block for ever: another client needs 'm' first [sluice-blocking-under-lock]
      changed.wait(l);
  }
  std::recursive_mutex m;
  std::condition_variable_any changed;
  bool ready = false;
};

class Box {
public:
  void putBad(int v) {
    std::lock_guard l(m);
    // CHECK: :[[@LINE+1]]:5: warning: send on 'c' under 'm' can block for ever: another client needs 'm' first [sluice-blocking-under-lock]
    c.send(v);
  }
  int takeBad() {
    std::lock_guard l(m);
    // CHECK: :[[@LINE+1]]:13: warning: receive on 'c' under 'm' can block for ever: another client needs 'm' first [sluice-blocking-under-lock]
    return *c.recv();
  }

private:
  std::mutex m;
  sluice::chan<int> c;
};

/// Whoever counts down needs no more than the condition's own lock, five times.
class Latch {
public:
  void waitOk() {
    std::lock_guard outer(gate);
    std::unique_lock l(m);
    changed.wait(l, [&] { return n == 0; });
  }
  void hit() {
    std::lock_guard l(m);
    if (n > 0)
      --n;
    changed.notify_all();
  }

private:
  std::mutex gate, m;
  std::condition_variable changed;
  int n = 5;
};

/// One way in goes around the lock.
class WayAround {
public:
  void waitOk() {
    std::lock_guard outer(gate);
    std::unique_lock l(m);
    changed.wait(l, [&] { return ready; });
  }
  void set() {
    std::lock_guard outer(gate);
    std::lock_guard l(m);
    ready = true;
    changed.notify_all();
  }
  void abort() {
    std::lock_guard l(m);
    ready = true;
    changed.notify_all();
  }
private:
  std::mutex gate, m;
  std::condition_variable changed;
  bool ready = false;
};

class Tried {
public:
  void waitOk() {
    std::lock_guard outer(gate);
    std::unique_lock l(m);
    changed.wait(l, [&] { return ready; });
  }
  void set() {
    std::unique_lock outer(gate, std::try_to_lock);
    std::lock_guard l(m);
    ready = true;
    changed.notify_all();
  }
private:
  std::mutex gate, m;
  std::condition_variable changed;
  bool ready = false;
};

class Timed {
public:
  void waitOk() {
    std::lock_guard outer(gate);
    std::unique_lock l(m);
    changed.wait_for(l, std::chrono::seconds(1), [&] { return ready; });
  }
  void set() {
    std::lock_guard outer(gate);
    std::lock_guard l(m);
    ready = true;
    changed.notify_all();
  }
private:
  std::mutex gate, m;
  std::condition_variable changed;
  bool ready = false;
};

class Shared {
public:
  void waitOk() {
    std::shared_lock outer(gate);
    std::unique_lock l(m);
    changed.wait(l, [&] { return ready; });
  }
  void set() {
    std::shared_lock outer(gate);
    std::lock_guard l(m);
    ready = true;
    changed.notify_all();
  }
private:
  std::shared_mutex gate;
  std::mutex m;
  std::condition_variable changed;
  bool ready = false;
};

/// A class that derives from it may go around the lock.
class Inherited {
public:
  void waitOk() {
    std::lock_guard outer(gate);
    std::unique_lock l(m);
    changed.wait(l, [&] { return ready; });
  }
  void set() {
    std::lock_guard outer(gate);
    std::lock_guard l(m);
    ready = true;
    changed.notify_all();
  }
  virtual ~Inherited() = default;

protected:
  void abort() {
    std::lock_guard l(m);
    ready = true;
    changed.notify_all();
  }

private:
  std::mutex gate, m;
  std::condition_variable changed;
  bool ready = false;
};

class Befriended {
public:
  void waitOk() {
    std::lock_guard outer(gate);
    std::unique_lock l(m);
    changed.wait(l, [&] { return ready; });
  }
  void set() {
    std::lock_guard outer(gate);
    std::lock_guard l(m);
    ready = true;
    changed.notify_all();
  }
private:
  friend class Other;
  std::mutex gate, m;
  std::condition_variable changed;
  bool ready = false;
};

/// The wait is served, if the client starts what serves it first.
class Flusher {
public:
  ~Flusher() {
    {
      std::lock_guard l(m);
      stop = true;
      changed.notify_all();
    }
    if (t.joinable())
      t.join();
  }
  void start() {
    std::lock_guard outer(gate);
    if (!t.joinable())
      t = std::thread([this] { run(); });
  }
  void flushOk() {
    std::lock_guard outer(gate);
    std::unique_lock l(m);
    asked = true;
    changed.notify_all();
    changed.wait(l, [&] { return !asked || stop; });
  }

private:
  void run() {
    std::unique_lock l(m);
    while (!stop) {
      asked = false;
      changed.notify_all();
      changed.wait(l, [&] { return asked || stop; });
    }
  }
  std::mutex gate, m;
  std::condition_variable changed;
  bool asked = false, stop = false;
  std::thread t;
};
