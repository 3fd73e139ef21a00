// PhotonLibOS's channels, locks and semaphores wait without a limit only if no timeout is given.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes %s -- -std=c++20 -I%S/Inputs 2>&1 | FileCheck %s --implicit-check-not=warning:
#include "photon.h"
#include <memory>

void answerOk() {
  auto answer = std::make_shared<photon::channel<int>>();
  photon::go([answer] { answer->send(1); });
  answer->recv();
}

void nobodyReceivesBad(bool hurried) {
  auto *answer = new photon::channel<int>();
  // CHECK: :[[@LINE+1]]:25: warning: send on 'answer' blocks for ever {{.*}}[sluice-unreceived-send]
  photon::go([answer] { answer->send(1); });
  if (!hurried)
    answer->recv();
}

void nobodyReceivesForAWhileOk() {
  auto *answer = new photon::channel<int>();
  photon::go([answer] { answer->send(1, photon::Timeout(1000)); });
}

void rangeBad() {
  photon::channel<int> numbers(1);
  numbers << 1;
  // CHECK: :[[@LINE+1]]:16: warning: receive from 'numbers' waits for ever [sluice-starved-receive]
  for (int n : numbers)
    (void)n;
}

void rangeOk() {
  photon::channel<int> numbers(1);
  numbers << 1;
  numbers.close();
  for (int n : numbers)
    (void)n;
}

void semaphoreBad() {
  photon::semaphore free(1);
  free.wait(1);
  // CHECK: :[[@LINE+1]]:3: warning: {{.*}}'free'{{.*}}[sluice-unfulfilled-wait]
  free.wait(1);
}

void semaphoreOk() {
  photon::semaphore free(1);
  free.wait(1);
  free.signal(1);
  free.wait(1);
}
// CHECK: {{[^0-9]}}0 without verdict
