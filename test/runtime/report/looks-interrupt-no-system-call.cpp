// A search of memory stops all threads, and none of them sees its system call fail or end early.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: sh -c "SLUICE_OPTIONS=deadlock_ms=20 timeout 20 %t >%t.out 2>/dev/null; test \$? = 23"
// RUN: FileCheck %s < %t.out
// REQUIRES: x86_64
#include <sluice/sluice.hpp>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace std::chrono_literals;

static std::atomic<bool> over = false;
static std::atomic<int> late = 0;

/// Each has to return when `over` is set, and not before.
static void note(const char *call, bool as_expected) {
  if (!over || !as_expected)
    std::printf("%s returned %s\n", call, over ? "something else" : "early");
  ++late;
}

static int ends[2];
static void on_signal(int) {}

static void in_pause() { note("pause", pause() == -1 && errno == EINTR); }
static void in_sigsuspend() {
  sigset_t none;
  sigemptyset(&none);
  note("sigsuspend", sigsuspend(&none) == -1 && errno == EINTR);
}
static void in_sigwait() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  note("sigwaitinfo", sigwaitinfo(&set, nullptr) == SIGUSR2);
}
static void in_poll() {
  pollfd fd{ends[0], POLLIN, 0};
  note("poll", poll(&fd, 1, -1) == 1);
}
static void in_epoll() {
  const int set = epoll_create1(0);
  epoll_event e{.events = EPOLLIN, .data = {}};
  epoll_ctl(set, EPOLL_CTL_ADD, ends[0], &e);
  note("epoll_wait", epoll_wait(set, &e, 1, -1) == 1);
}
static void in_select() {
  fd_set set;
  FD_ZERO(&set);
  FD_SET(ends[0], &set);
  note("select", select(ends[0] + 1, &set, nullptr, nullptr, nullptr) == 1);
}
static void in_sleep() {
  const auto begin = std::chrono::steady_clock::now();
  const unsigned left = sleep(2);
  const auto slept = std::chrono::steady_clock::now() - begin;
  over = true;
  note("sleep", left == 0 && slept >= 2s);
}

int main() {
  struct sigaction action{};
  action.sa_handler = on_signal;
  sigaction(SIGUSR1, &action, nullptr);
  if (pipe(ends) != 0)
    return 1;
  std::vector<std::thread> threads;
  for (auto f : {in_pause, in_sigsuspend, in_sigwait, in_poll, in_epoll, in_select, in_sleep})
    threads.emplace_back(f);
  sluice::run([] {
    sluice::go([] {
      sluice::chan<int> never;
      never.recv();
    });
    while (!over) {
      sluice::find_leaks();
      sluice::sleep_for(20ms);
    }
  });
  (void)!write(ends[1], "x", 1);
  pthread_kill(threads[0].native_handle(), SIGUSR1);
  pthread_kill(threads[1].native_handle(), SIGUSR1);
  pthread_kill(threads[2].native_handle(), SIGUSR2);
  for (std::thread &t : threads)
    t.join();
  std::printf("%d came back\n", late.load());
}
// CHECK-NOT: returned
// CHECK: 7 came back
