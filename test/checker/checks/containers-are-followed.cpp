// Which objects a container holds is followed through copies, moves, swaps, look-ups and removals.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-undirected-channel' %s -- %flags 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <sluice/sluice.hpp>

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

struct waiter {
  sluice::chan<> woken;
};

void started(const std::shared_ptr<waiter> &w) {
  sluice::go([w] { w->woken.recv(); });
}

// A copy of a map leads to the same waiters.
void copied_map() {
  std::map<int, std::shared_ptr<waiter>> all, copy;
  all[1] = std::make_shared<waiter>();
  started(all[1]);
  copy = all;
  all.clear();
  for (auto it = copy.begin(); it != copy.end(); ++it)
    it->second->woken.close();
}

// What was erased is not woken.
void erased_from_a_map() {
  std::map<std::string, std::shared_ptr<waiter>> all;
  auto [it, isNew] = all.emplace("a", std::make_shared<waiter>());
  auto w = it->second;
  if (isNew)
    sluice::go([w] {
      // CHECK: :[[@LINE+1]]:7: warning: receive from 'woken' waits for ever [sluice-starved-receive]
      w->woken.recv();
    });
  for (auto i = all.begin(); i != all.end();)
    i = all.erase(i);
  for (auto &[name, left] : all)
    left->woken.close();
}

// Swapped out and moved on, in a vector.
void swapped_and_moved() {
  std::vector<std::shared_ptr<waiter>> pending, now;
  pending.push_back(std::make_shared<waiter>());
  started(pending.back());
  now.swap(pending);
  auto mine = std::move(now);
  for (auto &w : now)
    w->woken.close(); // nothing is left there
  for (auto &w : mine)
    w->woken.close();
}

// A set holds each once: the second close would be one too many.
void a_set_holds_each_once() {
  std::set<std::shared_ptr<waiter>> all;
  auto w = std::make_shared<waiter>();
  started(w);
  all.insert(w);
  all.insert(w);
  if (all.count(w))
    for (auto &each : all)
      each->woken.close();
}

// Elements that a condition takes out are not closed.
void erase_if_takes_out() {
  std::vector<std::shared_ptr<waiter>> all(1);
  auto w = std::make_shared<waiter>();
  all.push_back(w);
  started(w);
  std::erase_if(all, [](const std::shared_ptr<waiter> &each) { return !each; });
  for (auto &each : all)
    each->woken.close();
}

// A number kept in a map can be changed through its iterator.
void number_behind_an_iterator() {
  std::unordered_map<int, int> uses;
  uses[7] = 0;
  auto it = uses.find(7);
  it->second = 2;
  it->second++;
  sluice::chan<int> out;
  sluice::go([out] {
    for (int i = 0; i < 3; ++i)
      out.recv();
  });
  for (int i = 0; i < uses.at(7); ++i)
    out.send(i);
}

// The greater of two, by remainder, division and bits.
void numbers_are_computed() {
  sluice::chan<int> out;
  sluice::go([out] {
    int n = std::max(7 % 4, 9 / 5) + ((6 & 3) | (1 << 2)) - (8 >> 1) - (3 ^ 1); // 3 + 6 - 4 - 2
    for (int i = 0; i < n; ++i)
      out.recv();
  });
  for (int i = 0; i < 3; ++i)
    out.send(i);
}

// An array makes its elements.
void array_of_channels() {
  std::array<sluice::chan<int>, 2> both;
  sluice::go([both] { both[1].recv(); });
  both[1].send(1);
  // CHECK: :[[@LINE+1]]:3: warning: send on 'both' blocks for ever [sluice-unreceived-send]
  both[0].send(1);
}
// CHECK: 2 warnings in 1 file
