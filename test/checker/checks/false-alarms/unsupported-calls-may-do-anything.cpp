// What a model calls unsupported may set what others wait for.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <future>
#include <thread>
#include <utility>

int twice(int n);

int answeredLaterOk() {
  std::packaged_task<int(int)> task(twice);
  std::future<int> answer = task.get_future();
  std::thread([work = std::move(task)]() mutable { work.make_ready_at_thread_exit(3); }).detach();
  return answer.get();
}

int answeredThroughAnotherOk() {
  std::packaged_task<int(int)> task(twice), other;
  std::future<int> answer = task.get_future();
  task.swap(other);
  other(3);
  return answer.get();
}

int neverAnsweredBad() {
  std::packaged_task<int(int)> task(twice);
  std::future<int> answer = task.get_future();
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-unfulfilled-wait]
  return answer.get();
}
