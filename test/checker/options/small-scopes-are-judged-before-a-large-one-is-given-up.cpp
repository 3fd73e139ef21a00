// A scope that takes more steps than the file has does not keep those behind it from being judged,
// however few its states are.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-*,unreceived-send' --check-option sluice.StepsPerUnit=4000 %s -- %flags | FileCheck %s
#include <sluice/chan.hpp>
#include <sluice/task.hpp>

#include <string>
#include <vector>

void largeOk() {
  sluice::chan<int> results(1);
  std::vector<int> table;
  for (int i = 0; i < 30; ++i)
    for (int j = 0; j < 30; ++j)
      for (int k = 0; k < 30; ++k)
        if ((i + j * k) % 7 == 3)
          table.push_back(k);
        else if (!table.empty())
          table.pop_back();
  if (table.size() > 3)
    results.send(1);
}

void smallBad() {
  sluice::chan<int> results;
  // CHECK: :[[@LINE+1]]:20: warning: send on 'results' blocks for ever
  sluice::go([=] { results.send(1); });
}
// CHECK: 2 channels: 1 reported, 0 verified, 1 without verdict (1 over budget)
