// The macro 'go' of libgo starts a task, and copies of its channels are one channel.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes %s -- -std=c++20 -I%S/Inputs 2>&1 | FileCheck %s --implicit-check-not=warning:
#include "libgo.h"
#include <iostream>

void answerOk() {
  co_chan<int> answer;
  go [=] { answer << 1; };
  int n = 0;
  answer >> n;
}

void nobodyTakesBad(bool hurried) {
  co_chan<int> answer;
  // CHECK: :[[@LINE+1]]:12: warning: send on 'answer' blocks for ever {{.*}}[sluice-unreceived-send]
  go [=] { answer << 1; };
  if (!hurried)
    answer >> nullptr;
}

void bufferedOk(bool hurried) {
  co_chan<int> answer(1);
  go [=] { answer << 1; };
  if (!hurried)
    answer >> nullptr;
}

void neverComesBad() {
  co_chan<int> numbers(2);
  numbers << 1;
  int n = 0;
  numbers >> n;
  // CHECK: :[[@LINE+1]]:3: warning: receive from 'numbers' waits for ever [sluice-starved-receive]
  numbers >> n;
}

void closedOk() {
  co_chan<int> numbers;
  go [=] { numbers.Close(); };
  numbers >> nullptr;
}
// CHECK: {{[^0-9]}}0 without verdict
