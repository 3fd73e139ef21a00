// Circles of three locks, with shared modes or onces among them, and of plain threads are reported.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: sh -c '%t three 2>%t.err; test $? = 23' && FileCheck --check-prefix=THREE %s < %t.err
// RUN: sh -c '%t writer 2>%t.err; test $? = 23' && FileCheck --check-prefix=WRITER %s < %t.err
// RUN: sh -c '%t reader 2>%t.err; test $? = 23' && FileCheck --check-prefix=READER %s < %t.err
// RUN: sh -c '%t under-try 2>%t.err; test $? = 23' && FileCheck --check-prefix=TRY %s < %t.err
// RUN: sh -c '%t other-gate 2>%t.err; test $? = 23' && FileCheck --check-prefix=GATE %s < %t.err
// RUN: sh -c '%t shared-gate 2>%t.err; test $? = 23' && FileCheck --check-prefix=GATE %s < %t.err
// RUN: sh -c '%t late-gate 2>%t.err; test $? = 23' && FileCheck --check-prefix=GATE %s < %t.err
// RUN: sh -c '%t once 2>%t.err; test $? = 23' && FileCheck --check-prefix=ONCE %s < %t.err
// RUN: sh -c '%t many 2>%t.err; test $? = 23' && FileCheck --check-prefix=MANY %s < %t.err
// RUN: sh -c '%t threads 2>%t.err; test $? = 23' && FileCheck --check-prefix=THREADS %s < %t.err
// RUN: sh -c 'SLUICE_OPTIONS=format=json %t threads 2>%t.err; test $? = 23'
// RUN: grep '"kind":"lock-order-cycle"' %t.err
#include <sluice/sluice.hpp>

#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>

static sluice::mutex a{"a_mu"}, b{"b_mu"}, c{"c_mu"}, gate{"gate_mu"};
static sluice::shared_mutex table{"table_mu"}, doors{"doors_mu"};
static sluice::once ready{"ready"};

template <class F> static void in_task(F f) { sluice::async(f).get(); }

template <class First, class Second> static void nest(First &first, Second &second) {
  std::lock_guard outer(first);
  std::lock_guard inner(second);
}

static void three() {
  in_task([] { nest(a, b); });
  in_task([] { nest(b, c); });
  in_task([] { nest(c, a); });
}
// THREE: locks are taken in opposite orders
// THREE-DAG: holds a_mu ({{.*}}.cpp:30) and locks b_mu at {{.*}}reported.cpp:31
// THREE-DAG: holds b_mu ({{.*}}) and locks c_mu at {{.*}}reported.cpp:31
// THREE-DAG: holds c_mu ({{.*}}) and locks a_mu at {{.*}}reported.cpp:31
// THREE: 1 lock-order cycles

static void writer() {
  in_task([] {
    std::lock_guard outer(a);
    std::shared_lock inner(table);
  });
  in_task([] { nest(table, a); });
}
// WRITER-DAG: holds a_mu ({{.*}}) and read-locks table_mu at {{.*}}reported.cpp:48
// WRITER-DAG: holds table_mu ({{.*}}) and locks a_mu

static void reader() {
  in_task([] { nest(a, table); });
  in_task([] {
    std::shared_lock outer(table);
    std::lock_guard inner(a);
  });
}
// READER-DAG: holds a_mu ({{.*}}) and locks table_mu
// READER-DAG: holds table_mu (shared, {{.*}}.cpp:58) and locks a_mu at {{.*}}reported.cpp:59

static void under_try() {
  in_task([] { nest(a, b); });
  in_task([] {
    std::unique_lock outer(b, std::try_to_lock);
    std::lock_guard inner(a);
  });
}
// TRY-DAG: holds a_mu ({{.*}}) and locks b_mu
// TRY-DAG: holds b_mu ({{.*}}) and locks a_mu

static void other_gate() {
  in_task([] {
    std::lock_guard alone(gate);
    nest(a, b);
  });
  in_task([] {
    std::lock_guard alone(c);
    nest(b, a);
  });
}

static void shared_gate() {
  in_task([] {
    std::shared_lock together(doors);
    nest(a, b);
  });
  in_task([] {
    std::shared_lock together(doors);
    nest(b, a);
  });
}

static void late_gate() {
  in_task([] { nest(a, b); });
  in_task([] {
    std::lock_guard alone(gate);
    nest(b, a);
  });
}
// GATE-DAG: holds a_mu ({{.*}}) and locks b_mu
// GATE-DAG: holds b_mu ({{.*}}) and locks a_mu
// GATE: 1 lock-order cycles

// The second task waits for the function of the first.
static void once() {
  sluice::chan<int> running, go_on;
  auto first = sluice::async([=] {
    ready.call([=] {
      running.send(1);
      std::lock_guard inner(a);
      go_on.recv();
    });
  });
  running.recv();
  while (a.try_lock())
    a.unlock(), sluice::yield();
  auto second = sluice::async([] {
    std::lock_guard outer(b);
    ready.call([] {});
  });
  while (b.try_lock())
    b.unlock(), sluice::yield();
  go_on.send(1);
  first.get();
  second.get();
  in_task([] { nest(a, b); });
}
// ONCE-DAG: holds ready{{.*}} and locks a_mu
// ONCE-DAG: holds b_mu ({{.*}}) and locks ready
// ONCE-DAG: holds a_mu ({{.*}}) and locks b_mu

static void many() {
  for (int i = 0; i < 100; ++i)
    in_task([] { nest(a, b); });
  in_task([] { nest(b, a); });
}
// MANY: 1 lock-order cycles

static void threads() {
  std::thread([] { nest(a, b); }).join();
  std::thread([] { nest(b, a); }).join();
}
// THREADS-DAG: thread {{[0-9]+}} holds a_mu ({{.*}}) and locks b_mu
// THREADS-DAG: thread {{[0-9]+}} holds b_mu ({{.*}}) and locks a_mu
// THREADS: 1 lock-order cycles

int main(int, char **argv) {
  const std::string how = argv[1];
  if (how == "threads")
    threads();
  else
    sluice::run(how == "three"         ? three
                : how == "writer"      ? writer
                : how == "reader"      ? reader
                : how == "under-try"   ? under_try
                : how == "other-gate"  ? other_gate
                : how == "shared-gate" ? shared_gate
                : how == "late-gate"   ? late_gate
                : how == "once"        ? once
                                       : many);
}
