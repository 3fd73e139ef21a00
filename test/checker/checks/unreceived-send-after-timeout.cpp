// A sender whose receiver leaves by timeout is found; a buffer of one repairs it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-*,unreceived-send' %s -- %flags | FileCheck %s
#include <sluice/chan.hpp>
#include <sluice/select.hpp>
#include <sluice/task.hpp>
#include <sluice/time.hpp>
#include <optional>

bool chance();
void handle(int);

std::optional<int> searchBad(std::chrono::milliseconds limit) {
  // CHECK: :[[@LINE+2]]:20: warning: send on 'results' blocks for ever if 'searchBad' stops waiting first [sluice-unreceived-send]
  sluice::chan<int> results;
  sluice::go([=] { results.send(1); });
  // CHECK-NEXT: {{^}}   [[@LINE-1]] |   sluice::go([=] { results.send(1); });
  // CHECK-NEXT: {{^}}      |                    ^
  // CHECK-NEXT: :[[@LINE-4]]:{{[0-9]+}}: note: 1. 'results' is made without a buffer
  // CHECK-NEXT: :[[@LINE-4]]:3: note: 2. the task starts
  // CHECK-NEXT: note: 3. 'searchBad' takes the timeout and returns
  // CHECK-NEXT: :[[@LINE-6]]:20: note: 4. the task sends and waits for ever; nothing else can receive from 'results'
  std::optional<int> found;
  sluice::select(sluice::on_recv(results, found), sluice::on_recv(sluice::after(limit)));
  return found;
}

// CHECK-NOT: warning:
std::optional<int> searchOk(std::chrono::milliseconds limit) {
  sluice::chan<int> results(1);
  sluice::go([=] { results.send(1); });
  std::optional<int> found;
  sluice::select(sluice::on_recv(results, found), sluice::on_recv(sluice::after(limit)));
  return found;
}
// CHECK: sluice: 1 warning in 1 file
