// A parameter used in one direction only is found, and the fix makes it a directed handle everywhere.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: cp %s %t.cpp
// RUN: sluice check --checks='-*,undirected-channel' --fix %t.cpp -- %flags | FileCheck %s
// RUN: grep -v RUN: %t.cpp | FileCheck --check-prefix=FIXED %s
// RUN: %compiler -fsyntax-only %flags %t.cpp
// RUN: sluice check --checks='-*,undirected-channel' %t.cpp -- %flags | FileCheck --check-prefix=AFTER %s
#include <sluice/chan.hpp>
#include <sluice/context.hpp>
#include <sluice/select.hpp>
#include <sluice/task.hpp>

#include <string>

void produceBad(sluice::chan<int> out);
// FIXED: void produceBad(sluice::send_chan<int> out);
// CHECK: :[[@LINE+1]]:35: style: channel parameter 'out' is only sent to; make it a 'send_chan' [sluice-undirected-channel]
void produceBad(sluice::chan<int> out) {
  for (int i = 0; i < 3; ++i)
    out.send(i); // CHECK: :[[@LINE]]:5: note: 'out' is used here
  out.close();
}
// CHECK: note: fix: declare it as 'send_chan'
// FIXED: void produceBad(sluice::send_chan<int> out) {

// CHECK: :[[@LINE+2]]:37: style: channel parameter 'in' is only received from; make it a 'recv_chan'
// FIXED: int sumBad(const sluice::recv_chan<int> &in) {
int sumBad(const sluice::chan<int> &in) {
  int sum = 0;
  for (int value : in)
    sum += value;
  return sum;
}

// CHECK: :[[@LINE+1]]:37: style: channel parameter 'c' is only received from
void selectingBad(sluice::chan<int> c, sluice::context ctx) {
  std::optional<int> got;
  sluice::select(sluice::on_recv(c, got), sluice::on_recv(ctx.done()));
}

// CHECK: :[[@LINE+1]]:36: style: channel parameter 'c' is only sent to
void offeringBad(sluice::chan<int> c, sluice::context ctx) {
  sluice::select(sluice::on_send(c, 1), sluice::on_recv(ctx.done()));
}

// CHECK: :[[@LINE+1]]:45: style: channel parameter 'c' is only sent to
void capturingBad(sluice::chan<std::string> c) {
  sluice::go([c] { c.send("x"); });
}

// CHECK: :[[@LINE+1]]:35: style: channel parameter 'c' is only sent to
void handingBad(sluice::chan<int> c, void (*sink)(sluice::send_chan<int>)) {
  sluice::send_chan<int> out = c;
  sink(out);
}

// CHECK-NOT: style
// CHECK: sluice: 6 style remarks in 1 file
// AFTER: sluice: no warnings in 1 file
