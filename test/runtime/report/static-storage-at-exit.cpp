// Primitives of static storage are still there when the report is made, and end without another.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: sh -c '%t wait-group 2>%t.err; test $? = 0' && FileCheck %s < %t.err
// RUN: sh -c '%t local 2>%t.err; test $? = 0' && FileCheck %s < %t.err
// RUN: sh -c 'ASAN_OPTIONS=detect_leaks=0 %t holder 2>%t.err; test $? = 0' && FileCheck %s < %t.err
// RUN: sh -c 'ASAN_OPTIONS=detect_leaks=0 %t none 2>%t.err; test $? = 23' && FileCheck --check-prefix=NONE %s < %t.err
#include <sluice/sluice.hpp>

#include <cstdint>
#include <string>

static sluice::wait_group jobs;

/// Where no look at the memory finds it, as in the kernel's books; LeakSanitizer's neither.
static volatile std::uintptr_t disguised;

static void wait_for_jobs() {
  jobs.add(1);
  sluice::go([] { jobs.wait(); });
}

static void receive_from_local() {
  static sluice::chan<int> local;
  sluice::go([] { local.recv(); });
}

static void hide(bool with_holder) {
  auto *hidden = new sluice::chan<int>;
  disguised = ~reinterpret_cast<std::uintptr_t>(hidden);
  if (with_holder)
    static sluice::external_holder holder(*hidden);
  sluice::go([c = *hidden] { c.recv(); });
}

int main(int, char **argv) {
  const std::string how = argv[1];
  sluice::run([&] {
    if (how == "wait-group")
      wait_for_jobs();
    else if (how == "local")
      receive_from_local();
    else
      hide(how == "holder");
  });
}
// CHECK: sluice: 1 task has not finished
// CHECK: SUMMARY: sluice: 0 leaked, 1 unfinished, 0 deadlocks
// CHECK-NOT: sluice
// NONE: SUMMARY: sluice: 1 leaked, 0 unfinished, 0 deadlocks
