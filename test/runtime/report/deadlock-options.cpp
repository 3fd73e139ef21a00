// What becomes of the process once a deadlock is reported, which is once.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UNSUPPORTED: tsan
// (symbolising takes longer than the program runs)
// RUN: %cxx %s -o %t
// RUN: sh -c 'SLUICE_OPTIONS=on_deadlock=exit:deadlock_ms=100 timeout 9 %t >%t.out 2>%t.err; test $? = 23'
// RUN: FileCheck --check-prefixes=DEAD,STOP %s < %t.err && grep before %t.out && not grep after %t.out
// RUN: sh -c 'SLUICE_OPTIONS=on_deadlock=exit:deadlock_ms=100:exitcode=7 timeout 9 %t >/dev/null 2>&1; test $? = 7'
// RUN: sh -c 'ulimit -c 0; SLUICE_OPTIONS=on_deadlock=abort:deadlock_ms=100 timeout 9 %t >%t.out 2>%t.err; test $? = 134'
// RUN: FileCheck --check-prefixes=DEAD,STOP %s < %t.err && grep before %t.out && not grep after %t.out
// RUN: sh -c 'SLUICE_OPTIONS=on_deadlock=continue:deadlock_ms=100 timeout 9 %t >%t.out 2>%t.err; test $? = 23'
// RUN: FileCheck --check-prefixes=DEAD,GOON %s < %t.err && grep after %t.out
// RUN: sh -c 'SLUICE_OPTIONS=on_deadlock=continue:deadlock_ms=100:exitcode=0 timeout 9 %t >%t.out 2>%t.err; test $? = 3'
// RUN: FileCheck --check-prefixes=DEAD,GOON %s < %t.err && grep after %t.out
// RUN: sh -c 'SLUICE_OPTIONS=on_deadlock=continue:deadlock_ms=100:format=json timeout 9 %t 2>%t.err >/dev/null; test $? = 23'
// RUN: python3 -c "import json,sys; f=json.load(open(sys.argv[1]))['findings']; assert [(x['kind'],len(x['tasks'])) for x in f]==[('deadlock',2)], f" %t.err
#include <sluice/sluice.hpp>

#include <cstdio>
#include <memory>
#include <mutex>

using namespace std::chrono_literals;

int main() {
  std::printf("before\n");
  sluice::run([] {
    auto mu = std::make_shared<sluice::mutex>("state_mu");
    sluice::chan<int> results;
    sluice::go("sender", [=] {
      std::lock_guard hold(*mu);
      results.send(1);
    });
    sluice::go("receiver", [=] {
      sluice::sleep_for(5ms);
      std::lock_guard hold(*mu);
      results.recv();
    });
    mu.reset();
    results = nullptr;
    for (int i = 0; i < 100; ++i)
      sluice::sleep_for(10ms);
  });
  std::printf("after\n");
  return 3;
}
// DEAD: sluice: deadlock of 2 tasks
// DEAD: "sender" holds state_mu
// DEAD: "receiver" waits to lock state_mu
// DEAD-NOT: sluice: deadlock
// STOP: SUMMARY: sluice: 0 leaked, 0 unfinished, 1 deadlocks
// STOP-NOT: sluice
// GOON-NOT: can never finish
// GOON: SUMMARY: sluice: 0 leaked, 0 unfinished, 1 deadlocks
// GOON-NOT: sluice
