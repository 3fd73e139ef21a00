// An exhaustive search leaves out schedules that differ only in the order of operations on different
// objects, and no other: what it says of a program is what all schedules say.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: sluice-command
// RUN: %cxx %s -o %t
// RUN: sh -c '%sluice run --explore 500 --strategy exhaustive --quiet -- %t apart 2>&1; test $? = 0' | FileCheck --check-prefix=APART %s
// RUN: sh -c '%sluice run --explore 20 --strategy exhaustive --no-por --quiet -j2 -- %t apart 2>&1; test $? = 0' | FileCheck --check-prefix=MANY %s
// RUN: sh -c '%sluice run --explore 500 --strategy exhaustive --quiet -- %t together 2>&1; test $? = 1' | FileCheck --check-prefix=TOGETHER %s
// RUN: sh -c '%sluice run --explore 500 --strategy exhaustive --quiet -- %t select 2>&1; test $? = 1' | FileCheck --check-prefix=SELECT %s
// RUN: sh -c '%sluice run --explore 500 --strategy exhaustive --quiet -- %t nested 2>&1; test $? = 1' | FileCheck --check-prefix=NESTED %s
// RUN: sh -c '%sluice run --explore 900 --strategy exhaustive --quiet -- %t mirrored 2>&1; test $? = 1' | FileCheck --check-prefix=MIRRORED %s
#include <sluice/sluice.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <string>

/// Each has channels of its own, all made before, so that none takes the memory of another.
static void apart() {
  for (int i = 0; i < 3; ++i) {
    sluice::chan<int> c(2);
    sluice::go([c] {
      c.send(1);
      c.send(2);
    });
  }
}

/// Whoever comes last cannot send.
static void together() {
  sluice::chan<int> c(2);
  for (int i = 0; i < 3; ++i)
    sluice::go([c] { c.send(1); });
}

/// One of the two senders is left, either of them.
static void one_of_two_cases() {
  sluice::chan<int> a{sluice::named("first")}, b{sluice::named("second")};
  sluice::go("to first", [a] { a.send(1); });
  sluice::go("to second", [b] { b.send(1); });
  sluice::go([a, b] {
    sluice::select(sluice::on_recv(a, [](auto) {}), sluice::on_recv(b, [](auto) {}));
  });
}

/// Needs a switch between the two locks of a task, among many that do not matter.
static void nested() {
  auto a = std::make_shared<sluice::mutex>("a_mu"), b = std::make_shared<sluice::mutex>("b_mu");
  apart();
  sluice::go([=] {
    std::lock_guard first(*a);
    std::lock_guard second(*b);
  });
  sluice::go([=] {
    std::lock_guard first(*b);
    std::lock_guard second(*a);
  });
}

/// What comes of it depends on a third, which has no race with one of the two.
static void mirrored() {
  sluice::chan<int> turns(1), results;
  sluice::go([=] {
    turns.send(1);
    turns.recv();
  });
  sluice::go([=] {
    if (turns.try_recv())
      results.send(1);
  });
  sluice::go([=] { results.try_recv(); });
}

int main(int, char **argv) {
  const std::map<std::string, void (*)()> ways{{"apart", apart},
                                               {"together", together},
                                               {"select", one_of_two_cases},
                                               {"nested", nested},
                                               {"mirrored", mirrored}};
  sluice::run(ways.at(argv[1]));
}
// APART: sluice: 0 findings in 1 run:
// APART-NEXT: sluice: these are all schedules that can differ, unless tasks share memory
// MANY: sluice: 0 findings in 20 runs:
// MANY-NEXT: sluice: all schedules that interrupt a task less than
// TOGETHER: 1. leak: send at {{.*}}schedules-that-cannot-differ
// TOGETHER: sluice: these are all schedules that can differ
// SELECT-DAG: to first, started at
// SELECT-DAG: to second, started at
// SELECT: sluice: these are all schedules that can differ
// NESTED: {{deadlock|lock-order-cycle}}: {{.*}}lock at
// NESTED: sluice: these are all schedules that can differ
// MIRRORED: leak: {{.*}}send at
// MIRRORED: sluice: these are all schedules that can differ
