// A buffer for the channel of a task that sends once; of a local, of a member, and one for every task.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: cp %s %t.cpp
// RUN: not sluice check --checks=-undirected-channel --fix %t.cpp -- %flags | FileCheck %s
// RUN: grep -Ev "(CHECK|FIXED)" %t.cpp | FileCheck --check-prefix=FIXED %s
// RUN: %compiler -fsyntax-only %flags %t.cpp
// RUN: sluice check --checks=-undirected-channel --fail-on=style %t.cpp -- %flags
#include <sluice/sluice.hpp>

#include <chrono>
#include <optional>
#include <vector>

using namespace std::chrono_literals;

int compute();

std::optional<int> localBad() {
  sluice::chan<int> results;
  sluice::go([=] { results.send(compute()); });
  std::optional<int> found;
  sluice::select(sluice::on_recv(results, found), sluice::on_recv(sluice::after(1ms)));
  return found;
}
// CHECK: warning: send on 'results' blocks for ever if 'localBad' stops waiting first
// CHECK: :[[@LINE-7]]:28: note: fix: a buffer of one lets the task finish: 'results(1)' [proved]
// FIXED: sluice::chan<int> results(1);

class Request {
public:
  std::optional<int> run() {
    sluice::go("answer", [this] { answer(); });
    std::optional<int> got;
    sluice::select(sluice::on_recv(answers_, got), sluice::on_recv(sluice::after(1ms)));
    return got;
  }

private:
  void answer() { answers_.send(compute()); }
  sluice::chan<int> answers_;
};

std::optional<int> memberBad() {
  Request request;
  return request.run();
}
// CHECK: warning: send on 'answers_' blocks for ever
// CHECK: note: fix: a buffer of one lets the task finish: 'answers_{1}' [proved]
// FIXED: sluice::chan<int> answers_{1};

int firstBad(const std::vector<int> &inputs) {
  sluice::chan<int> first;
  for (int input : inputs)
    sluice::go([=] { first.send(input + compute()); });
  return inputs.empty() ? 0 : first.recv().value();
}
// CHECK: warning: send on 'first' blocks for ever
// CHECK: note: fix: room for what every task sends lets all of them finish: 'first(inputs.size())' [proved]
// FIXED: sluice::chan<int> first(inputs.size());
