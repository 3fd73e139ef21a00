// A coroutine that a library's code suspends or resumes gives no verdict, with a reason of its own.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check %s --explain-verdict -- %flags 2>&1 | FileCheck %s
// RUN: sluice check %s -- %flags 2>&1 | FileCheck %s --check-prefix=SUMMARY
#include <sluice/sluice.hpp>

#include <coroutine>
#include <exception>

struct eager {
  struct promise_type {
    eager get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

/// Its code is in another file.
struct elsewhere {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> waiter);
  void await_resume();
};

eager sendsLater(sluice::send_chan<int> c) {
  co_await elsewhere();
  c.send(1);
}

// CHECK: [[#@LINE+3]]:21: channel 'c'
// CHECK-NEXT: no verdict: a suspended coroutine holds it, and code out of sight resumes that
void perhapsOk() {
  sluice::chan<int> c;
  sendsLater(c);
  c.recv();
}

// What is not the coroutine's keeps its verdict.
// CHECK: [[#@LINE+4]]:21: channel 'c'
// CHECK: [[#@LINE+4]]:21: channel 'own'
// CHECK-NEXT: verified
void aroundOk() {
  sluice::chan<int> c;
  sluice::chan<int> own(1);
  sendsLater(c);
  own.send(1);
  own.recv();
}

namespace {
sluice::chan<int> shared;
}

eager receivesShared() {
  co_await elsewhere();
  shared.recv();
}

void sharedOk() {
  receivesShared();
  shared.send(1);
}

void resumeLater(std::coroutine_handle<> waiter);

/// Hands itself to code in another file.
struct handed {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> waiter) { resumeLater(waiter); }
  void await_resume() {}
};

eager receivesHanded(sluice::recv_chan<int> c) {
  co_await handed();
  c.recv();
  shared.recv();
}

// CHECK: [[#@LINE+3]]:21: channel 'c'
// CHECK-NEXT: no verdict: it is handed to code out of sight, which may use it: 'resumeLater'
void handedOk() {
  sluice::chan<int> c;
  receivesHanded(c);
  c.send(1);
  shared.send(1);
}

// SUMMARY: no warnings in 1 file
// SUMMARY-NEXT: 2 held by coroutines that nobody in sight resumes
