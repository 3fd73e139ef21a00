// A coroutine's body starts with a switch on where it was left; only what is read later is kept.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice-frontend %s -- -std=gnu++20 | FileCheck %s
// RUN: sluice-frontend -gaps %s -- -std=gnu++20 | FileCheck --allow-empty --check-prefix=GAPS %s
// GAPS-NOT: coroutine
#include <coroutine>

struct later {
  struct promise_type {
    later get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  std::coroutine_handle<promise_type> handle;
};

void use(int n);

// CHECK: func {{.*}} "counts" (%first, %second)
// CHECK: [[FRAME:%[0-9]+]] = new class
// CHECK: store [[FRAME]]."parameter 0", %first
// CHECK: store [[FRAME]]."promise", [[PROMISE:%[0-9]+]]
// CHECK: store [[PROMISE]]."coroutine", [[FRAME]]
// CHECK: [[RESULT:%[0-9]+]] = call {{.*}}([[PROMISE]])
// CHECK: call {{.*}}([[FRAME]])
// CHECK: return [[RESULT]]

// CHECK: func {{.*}} "counts" internal (%this)
// CHECK: [[AT:%[0-9]+]] = load %this."at"
// CHECK: switch [[AT]] { -1: {{b[0-9]+}} 0: {{b[0-9]+}} 1: [[AGAIN:b[0-9]+]] }
// CHECK: store %this."register [[KEPT:[0-9]+]]", %kept
// CHECK-NEXT: store %this."at", 1
// CHECK-NEXT: return
// CHECK: [[AGAIN]]:
// CHECK-NEXT: %kept = load %this."register [[KEPT]]"
// CHECK-NOT: "register
later counts(int first, int second) {
  int kept = first + 1, lost = second + 1;
  use(lost);
  co_await std::suspend_always();
  use(kept);
}
