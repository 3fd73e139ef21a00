// A function out of sight that gives a callable back for the one it is given does not call it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes %s -- %flags -isystem %S/Inputs | FileCheck --implicit-check-not=warning: %s
#include <future>
#include <mutex>

#include <kept.hpp>

void lockOk() {
  std::mutex m;
  std::lock_guard hold(m);
  submit(keep([&] { std::lock_guard again(m); }));
}

void lockBad() {
  std::mutex m;
  std::lock_guard hold(m);
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-double-lock]
  forAll([&] { std::lock_guard again(m); });
}

void waitOk() {
  std::promise<void> done;
  submit(keep([&] { done.set_value(); }));
  done.get_future().wait();
}
