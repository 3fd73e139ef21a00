// Repairs that look right and are not: no fix is offered.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks=-undirected-channel %s -- %flags | FileCheck %s --implicit-check-not=fix:
#include <sluice/sluice.hpp>

#include <chrono>
#include <mutex>
#include <optional>
#include <vector>

using namespace std::chrono_literals;

int compute();

// A buffer of one or two does not hold what three sends leave behind.
void threeSendsBad() {
  sluice::chan<int> results;
  sluice::go([=] {
    results.send(1);
    results.send(2);
    results.send(3);
  });
  sluice::select(sluice::on_recv(sluice::after(1ms)));
}
// CHECK: warning: send on 'results' blocks for ever

// How many tasks there are is not known, and no constant is enough for all of them.
std::vector<int> inputs();
int anyNumberBad() {
  sluice::chan<int> first;
  const std::vector<int> &all = inputs();
  for (auto each = all.begin(); each != all.end(); ++each)
    sluice::go([=] { first.send(compute()); });
  return first.recv().value_or(0);
}
// CHECK: warning: send on 'first' blocks for ever

// If either of the two senders closes, the other one sends on a closed channel.
int twoSendersBad() {
  sluice::chan<int> out;
  sluice::go([=] { out.send(1); });
  sluice::go([=] { out.send(2); });
  int sum = 0;
  for (int value : out)
    sum += value;
  return sum;
}
// CHECK: warning: receive from 'out' waits for ever

// What is sent is part of what the lock guards.
class Outbox {
public:
  void flush() {
    std::unique_lock hold(mu_);
    pending_.push_back(1);
    out_.send(pending_.back());
  }
  std::size_t size() {
    std::lock_guard hold(mu_);
    return pending_.size();
  }
  int take() { return out_.recv().value(); }

private:
  sluice::mutex mu_;
  std::vector<int> pending_;
  sluice::chan<int> out_;
};

void guardedValueBad() {
  Outbox outbox;
  sluice::go([&] { outbox.flush(); });
  (void)outbox.size();
  outbox.take();
}
// CHECK: warning: send on 'out_' under 'mu_' can block for ever

// What follows the send belongs to what the lock keeps together.
class Ledger {
public:
  void post() {
    std::unique_lock hold(mu_);
    ++open_;
    booked_.send(1);
    --open_;
  }
  int open() {
    std::lock_guard hold(mu_);
    return open_;
  }
  int take() { return booked_.recv().value(); }

private:
  sluice::mutex mu_;
  int open_ = 0;
  sluice::chan<int> booked_;
};

void guardedAfterBad() {
  Ledger ledger;
  sluice::go([&] { ledger.post(); });
  (void)ledger.open();
  ledger.take();
}
// CHECK: warning: send on 'booked_' under 'mu_' can block for ever

// The background context never ends.
void backgroundBad(int (*more)()) {
  sluice::context ctx = sluice::context::background();
  sluice::chan<int> out;
  sluice::go([=] {
    while (more())
      out.send(1);
  });
  (void)ctx.err();
}
// CHECK: warning: send on 'out' blocks for ever

// The text is a macro's, and stands in other places too.
#define RESULTS sluice::chan<int> results
void macroBad() {
  RESULTS;
  sluice::go([=] { results.send(1); });
}
// CHECK: warning: send on 'results' blocks for ever
