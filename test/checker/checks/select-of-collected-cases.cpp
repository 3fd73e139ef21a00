// The cases of a select may be collected first: which can run is known once their number is.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check %s -- %flags 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <sluice/sluice.hpp>

#include <optional>
#include <vector>

void bothServedOk() {
  sluice::chan<int> a, b;
  sluice::go([a] { a.send(1); });
  sluice::go([b] { b.send(2); });
  std::vector<sluice::chan<int>> open{a, b};
  for (int left = 2; left > 0; --left) {
    std::vector<sluice::select_case> cases;
    for (auto &c : open)
      cases.push_back(on_recv(c));
    int i = sluice::select(cases);
    open[i] = {}; // never ready again
  }
}

void oneServedBad() {
  sluice::chan<int> a, b;
  // CHECK: [[#@LINE+1]]:20: warning: send on 'a' blocks for ever if
  sluice::go([a] { a.send(1); });
  // CHECK: [[#@LINE+1]]:20: warning: send on 'b' blocks for ever if
  sluice::go([b] { b.send(2); });
  std::vector<sluice::select_case> cases;
  cases.push_back(on_recv(a));
  cases.emplace_back(on_recv(b));
  sluice::select(cases);
}

void nobodyThereBad() {
  sluice::chan<int> a, b;
  std::vector<sluice::select_case> cases;
  cases.push_back(on_recv(a));
  cases.push_back(on_send(b, 1));
  // CHECK: [[#@LINE+1]]:3: warning: {{.*}} for ever
  sluice::select(cases);
}

void otherwiseOk() {
  sluice::chan<int> a, never;
  std::vector<sluice::select_case> cases;
  cases.push_back(sluice::otherwise());
  cases.push_back(on_recv(a));
  if (sluice::select(cases) != 0)
    never.recv();
}

void filledOk() {
  sluice::chan<int> a(1), never;
  a.send(3);
  std::optional<int> got;
  bool handled = false;
  std::vector<sluice::select_case> cases;
  cases.push_back(on_recv(a, got));
  sluice::select(cases);
  if (!got || *got != 3)
    never.recv();
  sluice::select_case sends[] = {on_send(a, 4, [&] { handled = true; })};
  sluice::select(sends);
  if (!handled)
    never.recv();
}
