// Each way to wait has its word, its check, its primitive's kind and name, and the locks held.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: not %t send 2>&1 | FileCheck --check-prefixes=SEND,LEAK %s
// RUN: not %t recv 2>&1 | FileCheck --check-prefixes=RECV,LEAK %s
// RUN: not %t nil 2>&1 | FileCheck --check-prefixes=NIL,LEAK %s
// RUN: not %t select 2>&1 | FileCheck --check-prefixes=SELECT,LEAK %s
// RUN: not %t context 2>&1 | FileCheck --check-prefixes=CONTEXT,LEAK %s
// RUN: not %t lock 2>&1 | FileCheck --check-prefixes=LOCK %s
// RUN: not %t rlock 2>&1 | FileCheck --check-prefixes=RLOCK %s
// RUN: not %t wait 2>&1 | FileCheck --check-prefixes=WAIT,LEAK %s
// RUN: not %t cond 2>&1 | FileCheck --check-prefixes=COND,LEAK %s
// RUN: not %t once 2>&1 | FileCheck --check-prefixes=ONCE %s
// RUN: not %t join 2>&1 | FileCheck --check-prefixes=JOIN %s
// RUN: not %t acquire 2>&1 | FileCheck --check-prefixes=ACQUIRE,LEAK %s
// RUN: env SLUICE_OPTIONS=report_unfinished=all:grace_ms=20 %t sleep 2>&1 | FileCheck --check-prefix=SLEEP %s
// RUN: env SLUICE_OPTIONS=report_unfinished=all:grace_ms=20 %t running 2>&1 | FileCheck --check-prefix=RUNNING %s
// RUN: env SLUICE_OPTIONS=grace_ms=20 %t running 2>&1 | count 0
#include <sluice/sluice.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <string>

using namespace std::chrono_literals;

static void send() {
  sluice::chan<int> c{sluice::named("orders"), 2};
  sluice::go([c] {
    for (int i = 0; i < 3; ++i)
      c.send(i);
  });
}
static void recv() {
  sluice::chan<int> c;
  sluice::go([c] { c.recv(); });
}
static void nil() {
  sluice::go([] { sluice::chan<int>(nullptr).recv(); });
}
static void select() {
  sluice::chan<int> a, b;
  sluice::go([=] { sluice::select(sluice::on_recv(a), sluice::on_recv(b)); });
}
static void context() {
  auto [ctx, cancel] = sluice::with_cancel(sluice::context::background());
  sluice::go([ctx = ctx] { ctx.done().recv(); });
}
static void lock() {
  auto m = std::make_shared<sluice::mutex>("store_mu");
  sluice::go("holder", [m] {
    std::lock_guard hold(*m);
    sluice::chan<int> never;
    never.recv();
  });
  sluice::go("wanter", [m] {
    sluice::sleep_for(5ms);
    m->lock();
  });
}
static void rlock() {
  auto m = std::make_shared<sluice::shared_mutex>("table_mu");
  sluice::go("holder", [m] {
    std::lock_guard hold(*m);
    sluice::chan<int> never;
    never.recv();
  });
  sluice::go("wanter", [m] {
    sluice::sleep_for(5ms);
    m->lock_shared();
  });
}
static void wait() {
  auto group = std::make_shared<sluice::wait_group>();
  group->add(1);
  sluice::go([group] { group->wait(); });
}
static void cond() {
  sluice::go([] {
    sluice::mutex m;
    sluice::condition_variable changed;
    std::unique_lock hold(m);
    changed.wait(hold);
  });
}
static void once() {
  auto first = std::make_shared<sluice::once>();
  const auto call = [first] {
    first->call([] {
      sluice::chan<int> never;
      never.recv();
    });
  };
  sluice::go("first", call);
  sluice::go("second", call);
}
static void join() {
  sluice::go("joiner", [] {
    sluice::chan<int> never;
    sluice::async([never] { never.recv(); }).wait();
  });
}
static void acquire() {
  sluice::go([] {
    sluice::semaphore permits(0);
    permits.acquire();
  });
}
static void sleep() {
  sluice::go("sleeper", [] { sluice::sleep_for(10s); });
}
static void running() {
  sluice::go("looper", [] {
    for (;;)
      sluice::yield();
  });
}

int main(int, char **argv) {
  const std::map<std::string, void (*)()> ways = {
      {"send", send},       {"recv", recv},      {"nil", nil},     {"select", select},
      {"context", context}, {"lock", lock},      {"rlock", rlock}, {"wait", wait},
      {"cond", cond},       {"once", once},      {"join", join},   {"acquire", acquire},
      {"sleep", sleep},     {"running", running}};
  sluice::run([&] { ways.at(argv[1])(); });
}
// SEND: blocked in send for
// SEND: on 'orders', chan<int>, buffer of 2, made at {{.*}}.cpp:[[#]]
// SEND: see: sluice explain unreceived-send
// RECV: blocked in recv for
// RECV: on a chan<int>, unbuffered, made at
// RECV: see: sluice explain starved-receive
// NIL: blocked in recv for
// NIL: why: a nil channel blocks for ever
// SELECT: blocked in select for
// SELECT: on a chan<int>, unbuffered, made at
// SELECT: see: sluice explain starved-receive
// CONTEXT: blocked in recv for
// CONTEXT: on a context, made at
// CONTEXT: see: sluice explain missing-cancellation
// LOCK-DAG: blocked in lock for
// LOCK-DAG: on 'store_mu', mutex
// LOCK-DAG: why: its owner, 'holder', can never go on
// LOCK-DAG: holds store_mu
// LOCK: SUMMARY: sluice: 2 leaked, 0 unfinished, 0 deadlocks
// RLOCK-DAG: blocked in rlock for
// RLOCK-DAG: on 'table_mu', shared_mutex
// RLOCK-DAG: holds table_mu
// RLOCK: SUMMARY: sluice: 2 leaked, 0 unfinished, 0 deadlocks
// WAIT: blocked in wait for
// WAIT: on a wait_group{{$}}
// WAIT: see: sluice explain wait-group-misuse
// COND: blocked in cond for
// COND: on a condition_variable, made at
// COND: see: sluice explain lost-notify
// ONCE-DAG: blocked in once for
// ONCE-DAG: on a once{{$}}
// ONCE-DAG: holds a once, called at {{.*}}wait-reasons.cpp:90
// ONCE-DAG: see: sluice explain deadlock
// ONCE: SUMMARY: sluice: 2 leaked, 0 unfinished, 0 deadlocks
// JOIN-DAG: joiner, started at
// JOIN-DAG: blocked in join for
// JOIN-DAG: see: sluice explain unfulfilled-wait
// JOIN: SUMMARY: sluice: 2 leaked, 0 unfinished, 0 deadlocks
// ACQUIRE: blocked in acquire for
// ACQUIRE: on a semaphore, made at
// ACQUIRE: see: sluice explain unfulfilled-wait
// LEAK: SUMMARY: sluice: 1 leaked, 0 unfinished, 0 deadlocks
// SLEEP: sleeper, started at
// SLEEP: asleep for
// SLEEP: see: sluice explain missing-cancellation
// SLEEP: SUMMARY: sluice: 0 leaked, 1 unfinished, 0 deadlocks
// RUNNING: looper, started at
// RUNNING-NEXT: running
// RUNNING: see: sluice explain missing-cancellation
