// A program that is slow but alive is never called deadlocked, however long its tasks wait.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: env SLUICE_OPTIONS=deadlock_ms=20 timeout 60 %t all 2>&1 | FileCheck %s
// RUN: env SLUICE_OPTIONS=deadlock_ms=20:procs=1 timeout 60 %t all 2>&1 | FileCheck %s
// RUN: env timeout 20 %t lock-for-3s 2>&1 | FileCheck %s
#include <sluice/sluice.hpp>

#include <atomic>
#include <cstdio>
#include <link.h>
#include <memory>
#include <mutex>
#include <poll.h>
#include <shared_mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;
using sluice::sleep_for;

static constexpr auto long_time = 300ms; // many times deadlock_ms

static void lock_held_by_sleeper(std::chrono::milliseconds how_long) {
  sluice::mutex mu;
  sluice::task_group g(sluice::context::background());
  g.go([&] {
    std::lock_guard hold(mu);
    sleep_for(how_long);
  });
  g.go([&] {
    sleep_for(5ms);
    std::lock_guard hold(mu);
  });
  g.wait();
}

static void blocking_call_sends() {
  sluice::chan<int> c;
  sluice::go([c] {
    sluice::blocking([] { usleep(300'000); });
    c.send(1);
  });
  c.recv();
}

static void send_from_within_blocking_call() {
  sluice::chan<int> c;
  sluice::go([c] {
    sluice::blocking([&c] {
      usleep(300'000);
      c.send(1);
    });
  });
  c.recv();
}

static void thread_unlocks() {
  sluice::mutex mu;
  std::atomic<bool> locked = false;
  std::thread holder([&] {
    std::lock_guard hold(mu);
    locked = true;
    std::this_thread::sleep_for(long_time);
  });
  while (!locked)
    sluice::yield();
  mu.lock();
  mu.unlock();
  sluice::blocking([&] { holder.join(); });
}

static void thread_in_a_system_call_sends() {
  int ends[2];
  if (pipe(ends) != 0)
    return;
  auto c = std::make_unique<sluice::chan<int>>();
  std::thread reader([c = *c, fd = ends[0]] {
    char byte;
    if (read(fd, &byte, 1) == 1)
      c.send(byte);
  });
  sluice::go([&] {
    sleep_for(long_time);
    (void)!write(ends[1], "x", 1);
  });
  c->recv();
  sluice::blocking([&] { reader.join(); });
}

static void timer_cancels_context() {
  auto [ctx, cancel] = sluice::with_timeout(sluice::context::background(), long_time);
  ctx.done().recv();
}

static void timer_cancels_what_others_wait_for() {
  auto [ctx, cancel] = sluice::with_timeout(sluice::context::background(), long_time);
  sluice::mutex mu;
  sluice::wait_group both;
  both.add(2);
  for (int i = 0; i < 2; ++i)
    sluice::go([&, ctx = ctx] {
      {
        std::lock_guard hold(mu);
        ctx.done().recv();
      }
      both.done();
    });
  both.wait();
}

static void timer_starts_the_sender() {
  sluice::chan<int> c;
  sluice::after_func(long_time, [c] { c.send(1); });
  c.recv();
}

static void slow_ticker_is_read() {
  sluice::ticker t(long_time);
  t.channel().recv();
}

static void stop_token_from_a_thread() {
  std::stop_source source;
  auto [ctx, cancel] = sluice::with_stop_token(sluice::context::background(), source.get_token());
  std::thread stopper([source]() mutable {
    std::this_thread::sleep_for(long_time);
    source.request_stop();
  });
  ctx.done().recv();
  sluice::blocking([&] { stopper.join(); });
}

static void select_with_a_late_case() {
  sluice::chan<int> never, late;
  sluice::go([late] {
    sleep_for(long_time);
    late.send(1);
  });
  sluice::select(sluice::on_recv(never), sluice::on_recv(late));
}

static void readers_outlast_a_writer() {
  sluice::shared_mutex table;
  sluice::task_group g(sluice::context::background());
  g.go([&] {
    std::shared_lock reading(table);
    sleep_for(long_time);
  });
  g.go([&] {
    sleep_for(5ms);
    std::lock_guard writing(table);
  });
  g.go([&] {
    sleep_for(10ms);
    std::shared_lock reading(table);
  });
  g.wait();
}

static void condition_is_notified_late() {
  sluice::mutex mu;
  sluice::condition_variable changed;
  bool ready = false;
  sluice::go([&] {
    sleep_for(long_time);
    std::lock_guard hold(mu);
    ready = true;
    changed.notify_one();
  });
  std::unique_lock hold(mu);
  changed.wait(hold, [&] { return ready; });
}

static void pipeline_behind_one_who_computes() {
  sluice::chan<int> in, out;
  sluice::go([=] {
    for (int v : in)
      out.send(v);
    out.close();
  });
  sluice::go([=] {
    const auto end = std::chrono::steady_clock::now() + long_time;
    while (std::chrono::steady_clock::now() < end) {
    }
    in.send(1);
    in.close();
  });
  for (int v : out)
    (void)v;
}

static void one_task_hands_what_all_need_around() {
  sluice::chan<std::shared_ptr<sluice::chan<int>>> post(1);
  auto answer = std::make_shared<sluice::chan<int>>();
  sluice::chan<int> direct = *answer;
  post.send(std::move(answer)); // lies in the buffer, with nobody who runs
  sluice::go([post] {
    sleep_for(long_time);
    (*post.recv())->send(1);
  });
  direct.recv();
}

static void once_takes_long() {
  sluice::once first;
  sluice::task_group g(sluice::context::background());
  for (int i = 0; i < 3; ++i)
    g.go([&] { first.call([] { sleep_for(long_time); }); });
  g.wait();
}

static void polled_by_try_recv() {
  sluice::chan<int> c;
  sluice::go([c] { c.send(1); });
  sleep_for(long_time);
  while (!c.try_recv())
    sleep_for(1ms);
}

static sluice::chan<int> global_jobs;
static void senders_on_a_global() {
  sluice::mutex mu;
  sluice::wait_group two;
  two.add(2);
  for (int i = 0; i < 2; ++i)
    sluice::go([&] {
      {
        std::lock_guard hold(mu);
        global_jobs.send(1);
      }
      two.done();
    });
  sleep_for(long_time);
  global_jobs.recv();
  global_jobs.recv();
  two.wait();
}

/// Who is stopped there holds a lock that the search of memory needs.
static void thread_is_slow_in_the_dynamic_linker() {
  std::thread loader([] {
    dl_iterate_phdr(
        [](dl_phdr_info *, std::size_t, void *) {
          std::this_thread::sleep_for(long_time);
          return 1;
        },
        nullptr);
  });
  sluice::chan<int> late;
  sluice::after_func(long_time, [late] { late.send(1); });
  late.recv();
  sluice::blocking([&] { loader.join(); });
}

static void main_thread_still_has_work(bool &done) {
  sluice::chan<int> c; // in the frame of a thread that waits in run()
  sluice::run([&] { sluice::go([c] { c.send(1); }); });
  std::this_thread::sleep_for(long_time);
  done = c.recv() == 1;
}

int main(int, char **argv) {
  const std::string how = argv[1];
  if (how == "lock-for-3s") {
    sluice::run([] { lock_held_by_sleeper(3s); });
    std::puts("alive");
    return 0;
  }
  for (auto f : {+[] { lock_held_by_sleeper(long_time); }, blocking_call_sends,
                 send_from_within_blocking_call, thread_unlocks, thread_in_a_system_call_sends,
                 timer_cancels_context, timer_cancels_what_others_wait_for,
                 timer_starts_the_sender, slow_ticker_is_read, stop_token_from_a_thread,
                 select_with_a_late_case, readers_outlast_a_writer, condition_is_notified_late,
                 pipeline_behind_one_who_computes, one_task_hands_what_all_need_around,
                 once_takes_long, polled_by_try_recv, senders_on_a_global,
                 thread_is_slow_in_the_dynamic_linker})
    sluice::run(f);
  bool done = false;
  main_thread_still_has_work(done);
  std::puts(done ? "alive" : "lost");
}
// CHECK-NOT: {{.}}
// CHECK: alive
// CHECK-NOT: {{.}}
