// What is not understood is listed with its place, and the rest of the file is still lowered.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice-frontend -gaps %s -- -std=gnu++20 | FileCheck %s
// RUN: sluice-frontend %s -- -std=gnu++20 | FileCheck --check-prefix=BODY %s
#include <coroutine>

struct lazy {
  struct promise_type {
    lazy get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};
// CHECK: gaps-are-named-not-guessed.cpp:[[#@LINE+1]]:{{[0-9]+}}: coroutine
lazy suspended() { co_return; }

// CHECK: gaps-are-named-not-guessed.cpp:[[#@LINE+2]]:{{[0-9]+}}: assembly
int plain(int n) {
  asm volatile("nop");
  return n + 1;
}

// BODY: func {{.*}} "suspended" () at
// BODY-NOT: {
// BODY: func {{.*}} "plain" (%n)
// BODY: add %n, 1
