// A private field that every constructor is given, and that is used one way, is found.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: cp %s %t.cpp
// RUN: sluice check --checks='-*,undirected-channel' --fix %t.cpp -- %flags | FileCheck %s
// RUN: %compiler -fsyntax-only %flags %t.cpp
#include <sluice/chan.hpp>

class WorkerBad {
public:
  explicit WorkerBad(sluice::chan<int> jobs) : jobs(jobs) {}
  void run() {
    while (auto job = jobs.recv())
      sum += *job;
  }

private:
  sluice::chan<int> jobs;
  // CHECK: :[[@LINE-1]]:21: style: channel field 'jobs' is only received from; make it a 'recv_chan'
  int sum = 0;
};

// A class that makes its channel needs both directions at least once.
class MakerOk {
public:
  void run() { own.send(1); }

private:
  sluice::chan<int> own{3};
};

class SeenOk {
public:
  explicit SeenOk(sluice::chan<int> c) : c(c) {}
  void run() { c.send(1); }
  sluice::chan<int> handle() const { return c; }

private:
  sluice::chan<int> c;
};

class HalfSeenOk {
public:
  explicit HalfSeenOk(sluice::chan<int> c) : c(c) {}
  void run() { c.send(1); }
  void elsewhere();

private:
  sluice::chan<int> c;
};

class FriendlyOk {
public:
  explicit FriendlyOk(sluice::chan<int> c) : c(c) {}
  void run() { c.send(1); }
  friend void receiver(FriendlyOk &);

private:
  sluice::chan<int> c;
};

// CHECK-NOT: style:
// CHECK: sluice: 1 style remark in 1 file
