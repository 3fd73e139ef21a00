// A schedule that a report gives does the same again; one of another program is told apart.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: rm -rf %t.dir && mkdir %t.dir
// RUN: sh -c 'for seed in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do SLUICE_OPTIONS=detect_lock_order=0:explore=random:seed=$seed:format=json:log_path=%t.dir/$seed timeout 20 %t; case $? in 0) rm %t.dir/$seed.*;; 23) exit 0;; *) exit 1;; esac; done; exit 1'
// RUN: python3 -c "import json,glob,sys; print(json.load(open(glob.glob(sys.argv[1]+'/*')[0]))['schedule'])" %t.dir > %t.schedule
// RUN: sh -c 'SLUICE_OPTIONS=detect_lock_order=0:explore=replay:schedule=$(cat %t.schedule) timeout 20 %t 2>%t.err; test $? = 23'
// RUN: FileCheck %s < %t.err
// RUN: sh -c 'SLUICE_OPTIONS=detect_lock_order=0:explore=replay:schedule=0 timeout 20 %t' 2>&1 | count 0
// RUN: sh -c 'SLUICE_OPTIONS=detect_lock_order=0:explore=replay:schedule=0.1-1.77 timeout 20 %t 2>&1' | FileCheck --check-prefix=DIVERGED %s
// RUN: sh -c 'SLUICE_OPTIONS=detect_lock_order=0:explore=replay:schedule=1.x %t; test $? = 2' 2>&1 | FileCheck --check-prefix=BAD %s
#include <sluice/sluice.hpp>

#include <mutex>

int main() {
  sluice::run([] {
    sluice::mutex a, b;
    sluice::wait_group left;
    left.add(2);
    const auto take_both = [&](sluice::mutex &first, sluice::mutex &second) {
      {
        std::lock_guard outer(first);
        std::lock_guard inner(second);
      }
      left.done();
    };
    sluice::go([&] { take_both(a, b); });
    sluice::go([&] { take_both(b, a); });
    left.wait();
  });
}
// CHECK: sluice: deadlock of
// CHECK-NOT: diverges
// CHECK: replay: SLUICE_OPTIONS=explore=replay:schedule={{[0-9.-]+}} {{/.*}}a-schedule-replays
// CHECK-NEXT: SUMMARY: sluice: 0 leaked, 0 unfinished, 1 deadlocks
// DIVERGED: sluice: replay: the run diverges from the schedule at decision 1, which has no such way
// BAD: bad value '1.x' for option 'schedule'
