// A coroutine that another task resumes goes on there; until then it stands suspended.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check %s -- %flags 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <sluice/sluice.hpp>

#include <coroutine>
#include <exception>
#include <optional>

struct eager {
  struct promise_type {
    eager get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

/// Receives on a task of its own, which then resumes who waits.
class received {
public:
  explicit received(sluice::recv_chan<int> from) : from(from) {}
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> waiter) {
    sluice::go("receiver", [this, waiter] {
      got = from.recv();
      waiter.resume();
    });
  }
  int await_resume() { return got.value_or(0); }

private:
  sluice::recv_chan<int> from;
  std::optional<int> got;
};

eager forwards(sluice::recv_chan<int> from, sluice::send_chan<int> to) {
  int n = co_await received(from);
  // CHECK: [[#@LINE+1]]:3: warning: send on 'to' blocks for ever
  to.send(n);
}

void nobodyTakesItBad() {
  sluice::chan<int> from, to;
  forwards(from, to);
  from.send(1);
}

eager passesOn(sluice::recv_chan<int> from, sluice::send_chan<int> to) {
  int n = co_await received(from);
  to.send(n);
}

void takenOk() {
  sluice::chan<int> from, to;
  passesOn(from, to);
  from.send(1);
  to.recv();
}

/// Says whether it has to wait at all.
struct maybe {
  bool there;
  bool await_ready() const { return there; }
  bool await_suspend(std::coroutine_handle<>) { return !there; }
  void await_resume() {}
};

eager waitsFor(sluice::send_chan<int> c, bool there) {
  co_await maybe{there};
  c.send(1);
}

void thereOk() {
  sluice::chan<int> c(1);
  waitsFor(c, true);
  c.recv();
}

void neverResumedBad() {
  sluice::chan<int> c(1);
  waitsFor(c, false);
  // CHECK: [[#@LINE+1]]:3: warning: receive from 'c' waits for ever
  c.recv();
}
