// Some tasks wait for each other while the rest runs on: reported once they have waited for
// deadlock_ms, each with what it holds and wants, and not only when the program ends.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: sh -c 'timeout 19 %t two-locks 2>%t.err; test $? = 23' && FileCheck --check-prefixes=TWO,ALL %s < %t.err
// RUN: sh -c 'timeout 19 %t three-locks 2>%t.err; test $? = 23' && FileCheck --check-prefixes=THREE,ALL %s < %t.err
// RUN: sh -c 'timeout 19 %t upgrade 2>%t.err; test $? = 23' && FileCheck --check-prefixes=UPGRADE,ALL %s < %t.err
// RUN: sh -c 'timeout 19 %t reader-again 2>%t.err; test $? = 23' && FileCheck --check-prefixes=AGAIN,ALL %s < %t.err
// RUN: sh -c 'timeout 19 %t once-again 2>%t.err; test $? = 23' && FileCheck --check-prefixes=ONCE,ALL %s < %t.err
// RUN: sh -c 'timeout 19 %t future 2>%t.err; test $? = 23' && FileCheck --check-prefixes=FUTURE,ALL %s < %t.err
// RUN: sh -c 'timeout 19 %t group 2>%t.err; test $? = 23' && FileCheck --check-prefixes=GROUP,ALL %s < %t.err
// RUN: sh -c 'timeout 19 %t count 2>%t.err; test $? = 23' && FileCheck --check-prefixes=COUNT,ALL %s < %t.err
// RUN: sh -c 'timeout 19 %t send 2>%t.err; test $? = 23' && FileCheck --check-prefixes=SEND,ALL %s < %t.err
// RUN: sh -c 'timeout 19 %t channels 2>%t.err; test $? = 23' && FileCheck --check-prefixes=CHANNELS,ALL %s < %t.err
// RUN: sh -c 'timeout 19 %t condition 2>%t.err; test $? = 23' && FileCheck --check-prefixes=CONDITION,ALL %s < %t.err
// RUN: sh -c 'timeout 19 %t thread-locks 2>%t.err; test $? = 23' && FileCheck --check-prefixes=THREAD,ALL %s < %t.err
// RUN: sh -c 'timeout 19 %t thread-channel 2>%t.err; test $? = 23' && FileCheck --check-prefixes=THREADSEND,ALL %s < %t.err
// RUN: sh -c 'timeout 19 %t two-threads 2>%t.err; test $? = 23' && FileCheck --check-prefixes=THREADS,ALL %s < %t.err
// RUN: sh -c 'timeout 19 %t run-under-lock 2>%t.err; test $? = 23' && FileCheck --check-prefixes=RUNLOCK %s < %t.err
// RUN: sh -c 'SLUICE_OPTIONS=procs=1 timeout 19 %t send computing 2>%t.err; test $? = 23' && FileCheck --check-prefixes=SEND,ALL %s < %t.err
// RUN: sh -c 'timeout 19 %t send idle-thread 2>%t.err; test $? = 23' && FileCheck --check-prefixes=SEND,ALL %s < %t.err
#include <sluice/sluice.hpp>

#include <chrono>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;
using sluice::sleep_for;

static void take_both(const std::shared_ptr<sluice::mutex> &first,
                      const std::shared_ptr<sluice::mutex> &second) {
  std::lock_guard outer(*first);
  sleep_for(20ms);
  std::lock_guard inner(*second);
}

static void two_locks() {
  auto a = std::make_shared<sluice::mutex>("a_mu"), b = std::make_shared<sluice::mutex>("b_mu");
  sluice::go("one", [=] { take_both(a, b); });
  sluice::go("two", [=] { take_both(b, a); });
}

static void three_locks() {
  auto a = std::make_shared<sluice::mutex>("a_mu"), b = std::make_shared<sluice::mutex>("b_mu"),
       c = std::make_shared<sluice::mutex>("c_mu");
  sluice::go("one", [=] { take_both(a, b); });
  sluice::go("two", [=] { take_both(b, c); });
  sluice::go("three", [=] { take_both(c, a); });
}

static void upgrade() {
  auto table = std::make_shared<sluice::shared_mutex>("table_mu");
  for (int i = 0; i < 2; ++i)
    sluice::go("upgrader", [=] {
      std::shared_lock reading(*table);
      sleep_for(20ms);
      table->lock();
    });
}

static void reader_again() {
  auto table = std::make_shared<sluice::shared_mutex>("table_mu");
  sluice::go("reader", [=] {
    std::shared_lock outer(*table);
    sleep_for(60ms);
    std::shared_lock inner(*table);
  });
  sluice::go("writer", [=] {
    sleep_for(20ms);
    std::lock_guard writing(*table);
  });
}

static void once_again() {
  auto first = std::make_shared<sluice::once>();
  sluice::go("caller", [=] { first->call([=] { first->call([] {}); }); });
}

static void future() {
  auto mu = std::make_shared<sluice::mutex>("state_mu");
  sluice::go("joiner", [=] {
    std::lock_guard hold(*mu);
    auto result = sluice::async([=] { std::lock_guard inner(*mu); });
    result.get();
  });
}

static void group() {
  auto mu = std::make_shared<sluice::mutex>("state_mu");
  sluice::go("joiner", [=] {
    std::lock_guard hold(*mu);
    sluice::task_group g(sluice::context::background());
    g.go([=] { std::lock_guard inner(*mu); });
    g.wait();
  });
}

static void count() {
  auto mu = std::make_shared<sluice::mutex>("state_mu");
  sluice::go("waiter", [=] {
    sluice::wait_group jobs;
    jobs.add(1);
    std::unique_lock hold(*mu);
    sluice::go("job", [&jobs, mu] {
      std::lock_guard inner(*mu);
      jobs.done();
    });
    jobs.wait();
  });
}

static void send() {
  auto mu = std::make_shared<sluice::mutex>("state_mu");
  sluice::chan<int> results{sluice::named("results")};
  sluice::go("sender", [=] {
    std::lock_guard hold(*mu);
    sleep_for(20ms);
    results.send(1);
  });
  sluice::go("receiver", [=] {
    sleep_for(10ms);
    mu->lock();
    results.recv();
    mu->unlock();
  });
}

static void channels() {
  sluice::chan<int> ping{sluice::named("ping")}, pong{sluice::named("pong")};
  sluice::go("one", [=] {
    ping.recv();
    pong.send(1);
  });
  sluice::go("two", [=] {
    pong.recv();
    ping.send(1);
  });
}

static void condition() {
  struct state {
    sluice::mutex mu{"state_mu"}, gate{"gate_mu"};
    sluice::condition_variable changed;
  };
  auto s = std::make_shared<state>();
  sluice::go("waiter", [=] {
    std::lock_guard gate(s->gate);
    std::unique_lock hold(s->mu);
    s->changed.wait(hold);
  });
  sluice::go("notifier", [=] {
    sleep_for(20ms);
    std::lock_guard gate(s->gate);
    s->changed.notify_all();
  });
}

static void thread_locks() {
  auto a = std::make_shared<sluice::mutex>("a_mu"), b = std::make_shared<sluice::mutex>("b_mu");
  sluice::go("task", [=] { take_both(a, b); });
  std::thread([=] { take_both(b, a); }).detach();
}

static void thread_channel() {
  auto mu = std::make_shared<sluice::mutex>("state_mu");
  sluice::chan<int> results{sluice::named("results")};
  std::thread([=] {
    std::lock_guard hold(*mu);
    sleep_for(20ms);
    results.send(1);
  }).detach();
  sluice::go("receiver", [=] {
    sleep_for(10ms);
    std::lock_guard hold(*mu);
    results.recv();
  });
}

static void two_threads() {
  auto a = std::make_shared<sluice::mutex>("a_mu"), b = std::make_shared<sluice::mutex>("b_mu");
  std::thread([=] { take_both(a, b); }).detach();
  std::thread([=] { take_both(b, a); }).detach();
}

/// A stale word on the stack of who goes on may hide a deadlock: docs/design/ends.md.
[[gnu::noinline]] static void wipe_the_stack_below() {
  volatile char room[4096];
  for (volatile char &c : room)
    c = 0;
}

static void work_on(const std::string &how) {
  const auto end = std::chrono::steady_clock::now() + 8s;
  if (how == "idle-thread")
    std::thread([] { sleep(5); }).detach();
  while (std::chrono::steady_clock::now() < end)
    if (how != "computing") {
      wipe_the_stack_below();
      sleep_for(1ms);
    }
  std::fputs("the end\n", stderr);
}

static void run_under_lock() {
  sluice::mutex mu{"outer_mu"};
  std::lock_guard hold(mu);
  sluice::run([&] { std::lock_guard inner(mu); });
}

int main(int argc, char **argv) {
  const std::map<std::string, void (*)()> ways = {
      {"two-locks", two_locks},       {"three-locks", three_locks},
      {"upgrade", upgrade},           {"reader-again", reader_again},
      {"once-again", once_again},     {"future", future},
      {"group", group},               {"count", count},
      {"send", send},                 {"channels", channels},
      {"condition", condition},       {"thread-locks", thread_locks},
      {"two-threads", two_threads},   {"thread-channel", thread_channel}};
  const std::string how = argv[1];
  if (how == "run-under-lock")
    return run_under_lock(), 0;
  sluice::run([&] {
    sluice::go("starter", ways.at(how)); // whose stack goes, with all that is left on it
    sleep_for(argc > 2 ? 300ms : 0ms);
    work_on(argc > 2 ? argv[2] : "");
  });
}
// ALL-NOT: the end
// TWO: sluice: deadlock of 2 tasks
// TWO-DAG: task {{[0-9]+}} "one" holds a_mu {{.*}}and waits to lock b_mu
// TWO-DAG: task {{[0-9]+}} "two" holds b_mu {{.*}}and waits to lock a_mu
// TWO: see: sluice explain lock-order-cycle
// THREE: sluice: deadlock of 3 tasks
// THREE-DAG: task {{[0-9]+}} "one" holds a_mu {{.*}}and waits to lock b_mu
// THREE-DAG: task {{[0-9]+}} "two" holds b_mu {{.*}}and waits to lock c_mu
// THREE-DAG: task {{[0-9]+}} "three" holds c_mu {{.*}}and waits to lock a_mu
// THREE: see: sluice explain lock-order-cycle
// UPGRADE: sluice: deadlock of
// UPGRADE: task {{[0-9]+}} "upgrader" holds table_mu {{.*}}and waits to lock table_mu
// UPGRADE: see: sluice explain double-lock
// AGAIN: sluice: deadlock of 2 tasks
// AGAIN-DAG: task {{[0-9]+}} "reader" holds table_mu {{.*}}and waits to read-lock table_mu
// AGAIN-DAG: task {{[0-9]+}} "writer" waits to lock table_mu
// AGAIN: see: sluice explain double-lock
// ONCE: sluice: deadlock of 1 task
// ONCE: task {{[0-9]+}} "caller" holds a once (called at {{.*}}) and waits in once on a once
// ONCE: see: sluice explain deadlock
// FUTURE: sluice: deadlock of 2 tasks
// FUTURE-DAG: task {{[0-9]+}} "joiner" holds state_mu {{.*}}and waits in join on the future
// FUTURE-DAG: waits to lock state_mu
// FUTURE: see: sluice explain blocking-under-lock
// GROUP: sluice: deadlock of 2 tasks
// GROUP-DAG: task {{[0-9]+}} "joiner" holds state_mu {{.*}}and waits in join on the task_group
// GROUP-DAG: waits to lock state_mu
// GROUP: see: sluice explain blocking-under-lock
// COUNT: sluice: deadlock of 2 tasks
// COUNT: task {{[0-9]+}} "waiter" holds state_mu {{.*}}and waits in wait on the wait_group
// COUNT: task {{[0-9]+}} "job" waits to lock state_mu
// COUNT: see: sluice explain blocking-under-lock
// SEND: sluice: deadlock of 2 tasks
// SEND: task {{[0-9]+}} "sender" holds state_mu {{.*}}and waits in send on results
// SEND: task {{[0-9]+}} "receiver" waits to lock state_mu
// SEND: see: sluice explain blocking-under-lock
// CHANNELS: sluice: deadlock of 2 tasks
// CHANNELS-DAG: task {{[0-9]+}} "one" waits in recv on ping
// CHANNELS-DAG: task {{[0-9]+}} "two" waits in recv on pong
// CHANNELS: see: sluice explain starved-receive
// CONDITION: sluice: deadlock of 2 tasks
// CONDITION: task {{[0-9]+}} "waiter" holds gate_mu {{.*}}and waits in cond on the condition_variable
// CONDITION: task {{[0-9]+}} "notifier" waits to lock gate_mu
// CONDITION: see: sluice explain blocking-under-lock
// THREAD: sluice: deadlock of 2 tasks
// THREAD-DAG: task {{[0-9]+}} "task" holds a_mu {{.*}}and waits to lock b_mu
// THREAD-DAG: thread {{[0-9]+}} holds b_mu {{.*}}and waits to lock a_mu
// THREADSEND: sluice: deadlock of 2 tasks
// THREADSEND: thread {{[0-9]+}} holds state_mu {{.*}}and waits in send on results
// THREADSEND: task {{[0-9]+}} "receiver" waits to lock state_mu
// THREADS: sluice: deadlock of 2 tasks
// THREADS: thread {{[0-9]+}} holds {{[ab]}}_mu {{.*}}and waits to lock
// THREADS: thread {{[0-9]+}} holds {{[ab]}}_mu {{.*}}and waits to lock
// RUNLOCK: sluice: deadlock of 2 tasks
// RUNLOCK-DAG: main task waits to lock outer_mu
// RUNLOCK-DAG: thread {{[0-9]+}} holds outer_mu {{.*}}and waits in join
// ALL: SUMMARY: sluice: 0 leaked, {{[0-9]+}} unfinished, 1 deadlocks
// ALL-NOT: the end
