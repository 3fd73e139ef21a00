// A stop is asked for under the lock that the stop's callback takes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a stop_callback is given is out of sight: that request_stop calls it is not followed.
// XFAIL: *
// RUN: not sluice check %s -- -std=c++20 | FileCheck %s
#include <mutex>
#include <stop_token>

void askedUnderTheLockBad() {
  std::mutex mutex;
  std::stop_source source;
  std::stop_callback callback(source.get_token(), [&] {
    // CHECK: :[[@LINE+1]]:21: warning: lock of 'mutex' waits for ever: this task holds 'mutex' already [sluice-double-lock]
    std::lock_guard hold(mutex);
  });
  std::lock_guard hold(mutex);
  source.request_stop();
}
