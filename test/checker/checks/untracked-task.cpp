// Tasks that nothing waits for or bounds.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks=untracked-task %s -- %flags 2>&1 | FileCheck %s --implicit-check-not=warning:
// RUN: sluice check --checks=-undirected-channel %s -- %flags 2>&1 | FileCheck %s --check-prefix=OFF
// OFF: no warnings
#include <sluice/sluice.hpp>

#include <vector>

void mail(int to);
void index_page(int page);

void loopBad(const std::vector<int> &all, sluice::send_chan<int> out) {
  for (int to : all)
    // CHECK: :[[@LINE+1]]:5: warning: the task is started in a loop, and nothing here waits for it or bounds how many run [sluice-untracked-task]
    sluice::go([to, out] { out.try_send(to); });
}

void groupOk(const std::vector<int> &all) {
  sluice::task_group tasks;
  for (int to : all)
    tasks.go([to] { mail(to); });
  tasks.wait();
}

void boundedOk(const std::vector<int> &all, sluice::semaphore &permits) {
  for (int to : all) {
    permits.acquire();
    sluice::go([to, &permits] {
      mail(to);
      permits.release();
    });
  }
}

void nothingToWaitForBad() {
  int pages = 0;
  // CHECK: :[[@LINE+1]]:3: warning: the task is started, and nothing can wait for its end [sluice-untracked-task]
  sluice::go([pages] { (void)pages; });
}

void backgroundOk() {
  sluice::go({.name = "housekeeping", .background = true}, [] {});
}
