// 'Fixes' of a check says whether fixes are looked for and offered, for that check alone.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: rm -rf %t && mkdir -p %t/none %t/some %t/others %t/tidy/none %t/tidy/some %t/tidy/others
// RUN: echo "CheckOptions: {sluice.Fixes: false}" > %t/none/.clang-tidy
// RUN: echo "CheckOptions: {sluice-unreceived-send.Fixes: false, sluice-blocking-under-lock.Fixes: false, sluice-undirected-channel.Fixes: false}" > %t/some/.clang-tidy
// RUN: echo "CheckOptions: {sluice-starved-receive.Fixes: false, sluice-lock-order-cycle.Fixes: false}" > %t/others/.clang-tidy
// RUN: cp %s %t/none/source.cpp && cp %s %t/some/source.cpp && cp %s %t/others/source.cpp
// RUN: cp -r %t/none %t/some %t/others %t/tidy
// RUN: not sluice check --fix %t/none/source.cpp -- %flags
// RUN: not sluice check --fix %t/some/source.cpp -- %flags
// RUN: not sluice check --fix %t/others/source.cpp -- %flags
// RUN: clang-tidy -load %tidy-plugin -checks='-*,sluice-*' --fix %t/tidy/none/source.cpp -- %flags
// RUN: clang-tidy -load %tidy-plugin -checks='-*,sluice-*' --fix %t/tidy/some/source.cpp -- %flags
// RUN: clang-tidy -load %tidy-plugin -checks='-*,sluice-*' --fix %t/tidy/others/source.cpp -- %flags
// RUN: cmp %s %t/none/source.cpp && cmp %s %t/tidy/none/source.cpp
// RUN: grep -v "//" %t/some/source.cpp | FileCheck --check-prefixes=CHECK,SOME %s
// RUN: grep -v "//" %t/tidy/some/source.cpp | FileCheck --check-prefixes=CHECK,SOME %s
// RUN: grep -v "//" %t/others/source.cpp | FileCheck --check-prefixes=CHECK,OTHERS %s
// RUN: grep -v "//" %t/tidy/others/source.cpp | FileCheck --check-prefixes=CHECK,OTHERS %s
#include <sluice/sluice.hpp>

#include <mutex>

// CHECK: void unreceivedSend
// SOME-NEXT: sluice::chan<int> results;
// OTHERS-NEXT: sluice::chan<int> results(1);
void unreceivedSend(bool leaves) {
  sluice::chan<int> results;
  sluice::go([results] { results.send(1); });
  if (!leaves)
    results.recv();
}

// SOME: sluice::chan<int> out
// OTHERS: sluice::send_chan<int> out
static void undirectedChannel(sluice::chan<int> out) { out.send(1); }
void use() {
  sluice::chan<int> one(1);
  undirectedChannel(one);
}

// CHECK: void append
// OTHERS: hold.unlock();
// CHECK: written_.send
class Journal {
public:
  void append(int line) {
    std::unique_lock hold(mu_);
    line_ = line;
    written_.send(line);
  }
  int size() {
    std::lock_guard hold(mu_);
    return line_;
  }
  int take() { return written_.recv().value(); }

private:
  sluice::mutex mu_;
  int line_ = 0;
  sluice::chan<int> written_;
};

void blockingUnderLock() {
  Journal journal;
  sluice::task_group both;
  both.go([&] { journal.append(1); });
  both.go([&] {
    journal.size();
    journal.take();
  });
  both.wait();
}

// CHECK: int starvedReceive
// SOME: out.close();
// CHECK: int sum
int starvedReceive(const std::vector<int> &values) {
  sluice::chan<int> out;
  sluice::go("produce", [=] {
    for (int value : values)
      out.send(value);
  });
  int sum = 0;
  for (int value : out)
    sum += value;
  return sum;
}

// CHECK: void lockOrderCycle
// SOME: std::scoped_lock first(a, b);
// OTHERS: std::lock_guard first(a);
void lockOrderCycle(sluice::mutex &a, sluice::mutex &b) {
  std::lock_guard first(a);
  std::lock_guard second(b);
}

void bothWays() {
  sluice::mutex a, b;
  sluice::task_group both;
  both.go([&] { lockOrderCycle(a, b); });
  both.go([&] { lockOrderCycle(b, a); });
  both.wait();
}
