// Nothing can run any more but a timer that nobody waits for, or a thread that reaches nothing: that
// is a deadlock too, and a timer or thread that could do something is none.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UNSUPPORTED: tsan
// (not found there yet)
// RUN: %cxx %s -o %t
// RUN: sh -c 'timeout 9 %t ticker 2>%t.err; test $? = 23' && FileCheck %s < %t.err
// RUN: sh -c 'timeout 9 %t timer 2>%t.err; test $? = 23' && FileCheck %s < %t.err
// RUN: sh -c 'timeout 9 %t context 2>%t.err; test $? = 23' && FileCheck %s < %t.err
// RUN: sh -c 'SLUICE_OPTIONS=deadlock_ms=100 timeout 5 %t function 2>%t.err; test $? = 0' && count 0 < %t.err
// RUN: sh -c 'SLUICE_OPTIONS=deadlock_ms=0 timeout 3 %t ticker 2>%t.err; test $? = 124' && count 0 < %t.err
// RUN: sh -c 'SLUICE_OPTIONS=detect_deadlocks=0 timeout 3 %t ticker 2>%t.err; test $? = 124' && count 0 < %t.err
#include <sluice/sluice.hpp>

#include <string>
#include <unistd.h>

using namespace std::chrono_literals;

int main(int, char **argv) {
  sluice::run([how = std::string(argv[1])] {
    if (how == "function") {
      sluice::after_func(1s, [] { _exit(0); });
      sluice::select();
    }
    sluice::ticker unread(how == "ticker" ? 10ms : 1h);
    auto unread_timer = sluice::after(how == "timer" ? 20s : 1h);
    auto [ctx, cancel] = sluice::with_timeout(sluice::context::background(), 20s);
    sluice::wait_group jobs;
    jobs.add(1);
    sluice::go("job", [&] {
      sluice::chan<int> nobody;
      nobody.send(1);
      jobs.done();
    });
    jobs.wait();
  });
}
// CHECK: sluice: deadlock of 2 tasks
// CHECK: task {{[0-9]+}} "job" waits in send
// CHECK: main task waits in wait
// CHECK: SUMMARY: sluice: 0 leaked, 0 unfinished, 1 deadlocks
