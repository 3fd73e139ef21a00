// What a bound callable takes by reference is the copy that std::bind keeps.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <functional>
#include <future>
#include <thread>

static int twice(int n) { return 2 * n; }

void runsWhatItKeepsOk() {
  std::packaged_task<int(int)> work(twice);
  std::future<int> result = work.get_future();
  std::thread runner(std::bind([](std::packaged_task<int(int)> &kept) { kept(3); }, std::move(work)));
  result.get();
  runner.join();
}

static void runs(std::packaged_task<int(int)> &kept, int n) { kept(n); }

void runsInAFunctionOk() {
  std::packaged_task<int(int)> work(twice);
  std::future<int> result = work.get_future();
  auto bound = std::bind(runs, std::move(work), 3);
  bound();
  result.get();
}

void handsOnWhatItKeepsOk() {
  std::packaged_task<int(int)> work(twice);
  std::future<int> result = work.get_future();
  std::thread runner(std::bind(
      [](std::packaged_task<int(int)> &kept) { std::thread(std::move(kept), 3).join(); },
      std::move(work)));
  result.get();
  runner.join();
}

void bindsAReferenceOk() {
  std::promise<int> answer;
  std::future<int> result = answer.get_future();
  std::thread runner(std::bind([](std::promise<int> &p) { p.set_value(1); }, std::ref(answer)));
  result.get();
  runner.join();
}

void dropsWhatItKeepsBad() {
  std::promise<int> answer;
  std::future<int> result = answer.get_future();
  auto kept = std::bind([](std::promise<int> &p, bool is) { if (is) p.set_value(1); },
                        std::move(answer), false);
  kept();
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: wait for 'answer' blocks for ever
  result.get();
}
