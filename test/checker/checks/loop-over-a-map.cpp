// A loop over a map meets every entry: by bindings, as a pair, and by copy.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-undirected-channel' %s -- %flags 2>&1 | FileCheck %s
#include <sluice/chan.hpp>
#include <sluice/task.hpp>

#include <map>
#include <unordered_map>

void bindingsBad() {
  std::map<int, sluice::chan<int>> out;
  out[1] = sluice::chan<int>(1);
  out[2] = sluice::chan<int>(0);
  for (auto &[id, c] : out)
    // CHECK: :[[@LINE+1]]:5: warning: send on {{.*}} blocks for ever [sluice-unreceived-send]
    c.send(id);
}

void bindingsOk() {
  std::map<int, sluice::chan<int>> out;
  out[1] = sluice::chan<int>(1);
  out[2] = sluice::chan<int>(1);
  for (auto &[id, c] : out)
    c.send(id);
}

// The second key is the one whose channel has no buffer.
void keysBad() {
  std::map<int, sluice::chan<int>> out;
  out[2] = sluice::chan<int>(0);
  out[1] = sluice::chan<int>(1);
  for (const auto &[id, c] : out)
    if (id == 2)
      // CHECK: :[[@LINE+1]]:7: warning: send on {{.*}} blocks for ever [sluice-unreceived-send]
      c.send(id);
}

void keysOk() {
  std::map<int, sluice::chan<int>> out;
  out[2] = sluice::chan<int>(0);
  out[1] = sluice::chan<int>(1);
  for (const auto &[id, c] : out)
    if (id == 1)
      c.send(id);
}

void pairBad() {
  std::unordered_map<int, sluice::chan<int>> out;
  out.emplace(7, sluice::chan<int>(0));
  for (const auto &entry : out)
    // CHECK: :[[@LINE+1]]:5: warning: send on {{.*}} blocks for ever [sluice-unreceived-send]
    entry.second.send(entry.first);
}

void pairOk() {
  std::unordered_map<int, sluice::chan<int>> out;
  out.emplace(7, sluice::chan<int>(1));
  for (const auto &entry : out)
    entry.second.send(entry.first);
}

void copiesBad() {
  std::map<int, sluice::chan<int>> out;
  out.emplace(7, sluice::chan<int>(0));
  for (auto [id, c] : out)
    // CHECK: :[[@LINE+1]]:5: warning: send on {{.*}} blocks for ever [sluice-unreceived-send]
    c.send(id);
}

void erasedOk() {
  std::map<int, sluice::chan<int>> out;
  out.emplace(7, sluice::chan<int>(0));
  out.erase(7);
  for (auto [id, c] : out)
    c.send(id);
}

// Written through the reference: the next loop sees it.
void assignedOk() {
  std::map<int, sluice::chan<int>> out;
  out.emplace(7, sluice::chan<int>(0));
  for (auto &[id, c] : out)
    c = sluice::chan<int>(1);
  for (auto &[id, c] : out)
    c.send(id);
}
// CHECK: 4 warnings in 1 file
// CHECK-NOT: without verdict (
