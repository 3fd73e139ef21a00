// A sender whose receiver left by time-out is leaked, once per equal task, and the status is 23.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: not %t 2>&1 | FileCheck %s
// RUN: sh -c '%t 2>/dev/null; test $? = 23'
// RUN: sh -c 'SLUICE_OPTIONS=exitcode=7 %t 2>/dev/null; test $? = 7'
// RUN: env SLUICE_OPTIONS=exitcode=0 %t
// RUN: sh -c 'SLUICE_OPTIONS=format=json %t 2>%t.json; test $? = 23'
// RUN: python3 -c "import json,sys; f=json.load(open(sys.argv[1]))['findings']; assert len(f)==1 and f[0]['kind']=='leak' and f[0]['check']=='unreceived-send' and f[0]['tasks'][0]['count']==2" %t.json
// RUN: echo "leak:*search*" > %t.supp
// RUN: env SLUICE_OPTIONS=suppressions=%t.supp %t 2>&1 | count 0
#include <sluice/sluice.hpp>

using namespace std::chrono_literals;

static int perform() {
  sluice::sleep_for(20ms);
  return 1;
}

static void search() {
  sluice::chan<int> results;
  sluice::go([=] { results.send(perform()); });
  sluice::select(sluice::on_recv(results), sluice::on_recv(sluice::after(1ms)));
}

int main() {
  search();
  search();
}
// CHECK: sluice: 2 tasks can never finish
// CHECK: search (2 times), started at {{.*}}leaked-sender-after-timeout.cpp:23
// CHECK-NEXT: blocked in send for {{.*}}.cpp:23
// CHECK: on a chan<int>, unbuffered, made at {{.*}}.cpp:22
// CHECK: see: sluice explain unreceived-send
// CHECK: SUMMARY: sluice: 2 leaked, 0 unfinished, 0 deadlocks
