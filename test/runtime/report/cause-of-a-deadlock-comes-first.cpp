// Of tasks that wait together the one that explains the others comes first, with its check.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: sh -c '%t cancel 2>%t.err; test $? = 23' && FileCheck --check-prefix=CANCEL %s < %t.err
// RUN: sh -c '%t send 2>%t.err; test $? = 23' && FileCheck --check-prefix=SEND %s < %t.err
// RUN: sh -c '%t lock 2>%t.err; test $? = 23' && FileCheck --check-prefix=LOCK %s < %t.err
// RUN: sh -c '%t self 2>%t.err; test $? = 23' && FileCheck --check-prefix=SELF %s < %t.err
// RUN: sh -c 'SLUICE_OPTIONS=on_deadlock=continue timeout 5 %t send 2>%t.err; test $? = 124' && FileCheck --check-prefix=GOON %s < %t.err
#include <sluice/sluice.hpp>

#include <atomic>
#include <mutex>
#include <string>

static sluice::mutex state_mu{"state_mu"};
static std::atomic<bool> working = false;

static void work(const std::string &how, const sluice::context &ctx) {
  sluice::chan<int> nobody;
  std::unique_lock hold(state_mu, std::defer_lock);
  if (how == "cancel") {
    working = true;
    ctx.done().recv();
  }
  if (how == "lock")
    hold.lock();
  working = true;
  nobody.send(1);
}

int main(int, char **argv) {
  sluice::run([how = std::string(argv[1])] {
    auto [ctx, cancel] = sluice::with_cancel(sluice::context::background());
    sluice::wait_group jobs;
    jobs.add(1);
    sluice::go("job", [&, ctx = ctx] {
      work(how, ctx);
      jobs.done();
    });
    while (!working)
      sluice::yield();
    if (how == "lock" || how == "self")
      state_mu.lock();
    if (how == "self")
      state_mu.lock();
    jobs.wait();
    cancel();
  });
}
// CANCEL: sluice: deadlock of 2 tasks
// CANCEL-EMPTY:
// CANCEL-NEXT: task {{[0-9]+}} "job" waits in recv on the context made at
// CANCEL: main task waits in wait on the wait_group
// CANCEL: see: sluice explain missing-cancellation
// SEND: task {{[0-9]+}} "job" waits in send
// SEND: main task waits in wait
// SEND: see: sluice explain unreceived-send
// LOCK: task {{[0-9]+}} "job" holds state_mu {{.*}}waits in send
// LOCK: main task waits to lock state_mu
// LOCK: see: sluice explain blocking-under-lock
// SELF: main task holds state_mu
// SELF: see: sluice explain double-lock
// GOON: see: sluice explain unreceived-send
