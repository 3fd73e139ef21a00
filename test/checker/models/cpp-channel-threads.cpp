// A channel of cpp-channel is bounded only if it is given a size, and its range ends at a close.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes %s -- -std=c++20 -I%S/Inputs 2>&1 | FileCheck %s --implicit-check-not=warning:
#include "msd_channel.h"
#include <iostream>
#include <thread>

void unboundedOk() {
  msd::channel<int> numbers;
  numbers << 1 << 2 << 3;
}

void boundedBad() {
  msd::channel<int> numbers(1);
  numbers << 1;
  // CHECK: :[[@LINE+1]]:3: warning: send on 'numbers' blocks for ever [sluice-unreceived-send]
  numbers << 2;
}

void rangeOk() {
  msd::channel<int> numbers(1);
  std::thread reader([&] {
    for (int n : numbers)
      std::cout << n;
  });
  numbers << 1;
  numbers.close();
  reader.join();
}

void rangeBad() {
  msd::channel<int> numbers(1);
  std::thread reader([&] {
    // CHECK: :[[@LINE+1]]:18: warning: receive from 'numbers' waits for ever [sluice-starved-receive]
    for (int n : numbers)
      std::cout << n;
  });
  numbers << 1;
  reader.join();
}

void readsUntilClosedOk() {
  msd::channel<int> numbers;
  std::thread reader([&] {
    int n = 0;
    while (numbers.read(n))
      std::cout << n;
  });
  numbers.write(1);
  numbers.close();
  reader.join();
}
// CHECK: {{[^0-9]}}0 without verdict
