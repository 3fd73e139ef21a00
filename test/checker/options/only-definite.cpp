// 'OnlyDefinite' of a check leaves out what happens only under some schedules or inputs, of that check alone.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: rm -rf %t && mkdir -p %t/all %t/some %t/others
// RUN: cp %s %t/all/source.cpp && cp %s %t/some/source.cpp && cp %s %t/others/source.cpp
// RUN: echo "CheckOptions: {sluice.OnlyDefinite: true}" > %t/all/.clang-tidy
// RUN: echo "CheckOptions:" > %t/some/.clang-tidy
// RUN: echo "  sluice-unreceived-send.OnlyDefinite: true" >> %t/some/.clang-tidy
// RUN: echo "  sluice-closed-channel.OnlyDefinite: true" >> %t/some/.clang-tidy
// RUN: echo "  sluice-missing-unlock.OnlyDefinite: true" >> %t/some/.clang-tidy
// RUN: echo "  sluice-lock-order-cycle.OnlyDefinite: true" >> %t/some/.clang-tidy
// RUN: echo "  sluice-deadlock.OnlyDefinite: true" >> %t/some/.clang-tidy
// RUN: echo "  sluice-unfulfilled-wait.OnlyDefinite: true" >> %t/some/.clang-tidy
// RUN: echo "  sluice-missing-cancellation.OnlyDefinite: true" >> %t/some/.clang-tidy
// RUN: echo "CheckOptions:" > %t/others/.clang-tidy
// RUN: echo "  sluice-starved-receive.OnlyDefinite: true" >> %t/others/.clang-tidy
// RUN: echo "  sluice-wait-group-misuse.OnlyDefinite: true" >> %t/others/.clang-tidy
// RUN: echo "  sluice-double-lock.OnlyDefinite: true" >> %t/others/.clang-tidy
// RUN: echo "  sluice-blocking-under-lock.OnlyDefinite: true" >> %t/others/.clang-tidy
// RUN: echo "  sluice-lost-notify.OnlyDefinite: true" >> %t/others/.clang-tidy
// RUN: echo "  sluice-unjoined-task.OnlyDefinite: true" >> %t/others/.clang-tidy
// RUN: sluice check --no-fixes %t/all/source.cpp -- %flags
// RUN: not sluice check --no-fixes %t/some/source.cpp -- %flags | FileCheck --implicit-check-not=warning: --check-prefix=SOME %s
// RUN: not sluice check --no-fixes %t/others/source.cpp -- %flags | FileCheck --implicit-check-not=warning: --check-prefix=OTHERS %s
// RUN: clang-tidy -load %tidy-plugin -checks='-*,sluice-*' %t/all/source.cpp -- %flags | FileCheck --allow-empty --implicit-check-not=warning: --check-prefix=NONE %s
// RUN: clang-tidy -load %tidy-plugin -checks='-*,sluice-*' %t/some/source.cpp -- %flags | FileCheck --implicit-check-not=warning: --check-prefix=SOME %s
// RUN: clang-tidy -load %tidy-plugin -checks='-*,sluice-*' %t/others/source.cpp -- %flags | FileCheck --implicit-check-not=warning: --check-prefix=OTHERS %s
// OTHERS: warning: {{.*}} [sluice-unreceived-send]
// SOME: warning: {{.*}} [sluice-starved-receive]
// OTHERS: warning: {{.*}} [sluice-closed-channel]
// SOME: warning: {{.*}} [sluice-wait-group-misuse]
// OTHERS: warning: {{.*}} [sluice-missing-unlock]
// SOME: warning: {{.*}} [sluice-double-lock]
// OTHERS: warning: {{.*}} [sluice-lock-order-cycle]
// SOME: warning: {{.*}} [sluice-blocking-under-lock]
// OTHERS: warning: {{.*}} [sluice-deadlock]
// SOME: warning: {{.*}} [sluice-lost-notify]
// OTHERS: warning: {{.*}} [sluice-unfulfilled-wait]
// SOME: warning: {{.*}} [sluice-unjoined-task]
// OTHERS: warning: {{.*}} [sluice-missing-cancellation]
// NONE-NOT: error
#include <sluice/chan.hpp>
#include <sluice/context.hpp>
#include <sluice/task.hpp>
#include <sluice/wait_group.hpp>

#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

void unreceivedSend(bool leaves) {
  sluice::chan<int> results(0);
  sluice::go([results] { results.send(1); });
  if (!leaves)
    results.recv();
}

void starvedReceive(bool leaves) {
  sluice::chan<int> results(0);
  sluice::go([results] { results.recv(); });
  if (!leaves)
    results.send(1);
}

void closedChannel(bool failed) {
  sluice::chan<int> jobs(1);
  if (failed)
    jobs.close();
  jobs.close();
}

void waitGroupMisuse(bool failed) {
  sluice::wait_group group;
  group.add(1);
  sluice::go([&group, failed] {
    if (!failed)
      group.done();
  });
  group.wait();
}

void missingUnlock(bool failed) {
  std::mutex m;
  m.lock();
  if (failed)
    return;
  m.unlock();
}

void doubleLock(bool again) {
  std::mutex m;
  std::lock_guard lock(m);
  if (again)
    m.lock();
}

void lockOrderCycle() {
  std::mutex a, b;
  std::jthread other([&] {
    std::lock_guard first(b);
    std::lock_guard second(a);
  });
  std::lock_guard first(a);
  std::lock_guard second(b);
}

void blockingUnderLock(bool takes) {
  std::mutex m;
  sluice::chan<int> full(0);
  std::jthread sender([&] {
    if (takes)
      std::lock_guard lock(m);
    full.send(1);
  });
  std::lock_guard lock(m);
  full.recv();
}

void deadlock(bool joins) {
  sluice::wait_group group;
  group.add(1);
  sluice::go([&] {
    if (joins)
      group.wait();
    group.done();
  });
  group.wait();
}

void lostNotify() {
  std::mutex m;
  std::condition_variable changed;
  std::jthread other([&] { changed.notify_one(); });
  std::unique_lock lock(m);
  changed.wait(lock);
}

void unfulfilledWait(bool failed) {
  std::promise<void> ready;
  std::future<void> end = ready.get_future();
  std::jthread other([&ready, failed] {
    if (!failed)
      ready.set_value();
  });
  end.wait();
}

void unjoinedTask(bool joins) {
  std::thread worker([] {});
  if (joins)
    worker.join();
}

void missingCancellation(bool cancels) {
  auto [ctx, cancel] = sluice::with_cancel(sluice::context::background());
  sluice::go([ctx] { ctx.done().recv(); });
  if (cancels)
    cancel();
}
