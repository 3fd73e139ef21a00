// PhotonLibOS runs one thread of a vCPU at a time: who yields to another thread goes on once that has
// come to rest, and what it was handed has been read by then. The threads are judged as if they ran
// side by side.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// XFAIL: *
// RUN: sluice check --no-fixes %s -- -std=c++20 -I%S/Inputs 2>&1 | FileCheck %s
#include "photon.h"

static void *answer(void *arg) {
  auto *asked = *static_cast<photon::semaphore **>(arg);
  asked->signal(1);
  return nullptr;
}

void askTwoOk() {
  auto *first = new photon::semaphore(0), *second = new photon::semaphore(0);
  photon::semaphore *slot = first;
  photon::thread *one = photon::thread_create(&answer, &slot);
  photon::thread_enable_join(one);
  photon::thread_yield_to(one); // it has read the slot when this comes back
  slot = second;
  photon::thread *two = photon::thread_create(&answer, &slot);
  photon::thread_enable_join(two);
  first->wait(1);
  second->wait(1);
  photon::thread_join((photon::join_handle *)one);
  photon::thread_join((photon::join_handle *)two);
}
// CHECK: no warnings
