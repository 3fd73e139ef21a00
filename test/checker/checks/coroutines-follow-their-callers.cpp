// A coroutine runs on the task that calls or resumes it, from suspension to suspension.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check %s -- %flags 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <sluice/sluice.hpp>

#include <coroutine>
#include <exception>
#include <mutex>
#include <utility>

/// Starts at once, and nobody can resume it.
struct eager {
  struct promise_type {
    eager get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

eager sendsOne(sluice::send_chan<int> c) {
  // CHECK: [[#@LINE+1]]:3: warning: send on 'c' blocks for ever
  c.send(1);
  co_return;
}

void nobodyReceivesBad() {
  sluice::chan<int> c;
  sendsOne(c);
}

void receivedOk() {
  sluice::chan<int> c;
  sluice::go([c] { c.recv(); });
  [](sluice::chan<int> out) -> eager {
    out.send(1);
    co_return;
  }(c);
}

eager locks(std::mutex &m) {
  m.lock();
  m.unlock();
  co_return;
}

void lockOk() {
  std::mutex m;
  locks(m);
  std::lock_guard hold(m);
}

void lockHeldBad() {
  std::mutex m;
  std::lock_guard hold(m);
  [](std::mutex &again) -> eager {
    // CHECK: [[#@LINE+1]]:5: warning: {{.*}}[sluice-double-lock]
    again.lock();
    again.unlock();
    co_return;
  }(m);
}

/// Starts when it is awaited, then goes back to who awaits it.
class task {
public:
  struct promise_type {
    std::coroutine_handle<> waiter;
    int result = 0;
    task get_return_object() {
      return task(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() { return {}; }
    struct back {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> h) noexcept {
        return h.promise().waiter ? h.promise().waiter : std::noop_coroutine();
      }
      void await_resume() noexcept {}
    };
    back final_suspend() noexcept { return {}; }
    void return_value(int n) { result = n; }
    void unhandled_exception() { std::terminate(); }
  };

  task(task &&other) noexcept : handle(std::exchange(other.handle, nullptr)) {}
  ~task() {
    if (handle)
      handle.destroy();
  }
  bool await_ready() const { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiter) {
    handle.promise().waiter = waiter;
    return handle;
  }
  int await_resume() { return handle.promise().result; }
  int run() {
    handle.resume();
    return handle.promise().result;
  }

private:
  explicit task(std::coroutine_handle<promise_type> h) : handle(h) {}
  std::coroutine_handle<promise_type> handle;
};

task one() { co_return 1; }

task awaits(sluice::send_chan<int> c) {
  int n = co_await one();
  if (n == 1)
    co_await one();
  else
    c.send(n); // never
  co_return n + 1;
}

void awaitedOk() {
  sluice::chan<int> c;
  task t = awaits(c);
  sluice::chan<int> room(1);
  room.send(t.run());
  if (*room.recv() != 2)
    c.send(3); // never
}

task sendsTwice(sluice::send_chan<int> c) {
  int n = co_await one();
  c.send(n);
  n += co_await one();
  // CHECK: [[#@LINE+1]]:3: warning: send on 'c' blocks for ever
  c.send(n);
  co_return n;
}

void oneReceiverBad() {
  sluice::chan<int> c;
  sluice::go([c] { c.recv(); });
  sendsTwice(c).run();
}

void twoReceiversOk() {
  sluice::chan<int> c(2);
  sendsTwice(c).run();
}

/// Never started, so it sends nothing.
void neverAwaitedBad() {
  sluice::chan<int> c;
  task t = sendsTwice(c);
  // CHECK: [[#@LINE+1]]:3: warning: receive from 'c' waits for ever
  c.recv();
}

task holdsAcross(std::mutex &m) {
  std::lock_guard hold(m);
  co_return co_await one();
}

void heldUntilDoneOk() {
  std::mutex m;
  holdsAcross(m).run();
  std::lock_guard again(m);
}

/// Gives one value each time it is resumed.
class numbers {
public:
  struct promise_type {
    int current = 0;
    numbers get_return_object() {
      return numbers(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(int n) {
      current = n;
      return {};
    }
    void return_void() {}
    void unhandled_exception() { throw; }
  };
  ~numbers() { handle.destroy(); }
  bool next() {
    handle.resume();
    return !handle.done();
  }
  int value() { return handle.promise().current; }

private:
  explicit numbers(std::coroutine_handle<promise_type> h) : handle(h) {}
  std::coroutine_handle<promise_type> handle;
};

numbers upTo(int n) {
  for (int i = 0; i < n; ++i)
    co_yield i;
}

void asManyAsRoomOk() {
  sluice::chan<int> c(2);
  numbers two = upTo(2);
  while (two.next())
    c.send(two.value());
}

void oneTooManyBad() {
  sluice::chan<int> c(2);
  numbers three = upTo(3);
  while (three.next())
    // CHECK: [[#@LINE+1]]:5: warning: send on 'c' blocks for ever
    c.send(three.value());
}

numbers holding(std::mutex &m) {
  std::lock_guard hold(m);
  co_yield 1;
}

void heldWhileSuspendedBad() {
  std::mutex m;
  numbers n = holding(m);
  n.next();
  // CHECK: [[#@LINE+1]]:3: warning: {{.*}}[sluice-double-lock]
  m.lock();
  m.unlock();
}

void releasedWhenDestroyedOk() {
  std::mutex m;
  {
    numbers n = holding(m);
    n.next();
  }
  m.lock();
  m.unlock();
}
