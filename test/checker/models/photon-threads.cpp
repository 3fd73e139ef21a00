// PhotonLibOS's threads end alone, unless it is said that somebody joins them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes %s -- -std=c++20 -I%S/Inputs 2>&1 | FileCheck %s --implicit-check-not=warning:
#include "photon.h"

static void *rest(void *) {
  photon::thread_usleep(10);
  return nullptr;
}

void leftAloneOk() { photon::thread_create(&rest, nullptr); }

void joinedOk() {
  photon::thread *th = photon::thread_create(&rest, nullptr);
  photon::thread_enable_join(th);
  photon::thread_join((photon::join_handle *)th);
}

void joinedByItsHandleOk() {
  photon::join_handle *jh = photon::thread_enable_join(photon::thread_create(&rest, nullptr));
  photon::thread_join(jh);
}

void enabledAndDisabledOk() {
  photon::thread *th = photon::thread_create(&rest, nullptr);
  photon::thread_enable_join(th);
  photon::thread_enable_join(th, false);
}

void notJoinedBad(bool hurried) {
  // CHECK: :[[@LINE+1]]:24: warning: thread can be neither joined nor detached{{.*}}[sluice-unjoined-task]
  photon::thread *th = photon::thread_create(&rest, nullptr);
  photon::thread_enable_join(th);
  if (!hurried)
    photon::thread_join((photon::join_handle *)th);
}

// An alarm clock: its thread rings, once or again and again, until the clock is ended.
class clock_bad {
public:
  explicit clock_bad(bool again) : again_(again) {
    // CHECK: :[[@LINE+1]]:11: warning: thread can be neither joined nor detached{{.*}}[sluice-unjoined-task]
    th_ = photon::thread_create(&run, this);
    photon::thread_enable_join(th_);
  }
  ~clock_bad() {
    if (!th_)
      return;
    again_ = false;
    photon::thread_interrupt(th_);
    photon::thread_join((photon::join_handle *)th_);
  }

private:
  static void *run(void *arg) {
    auto *self = static_cast<clock_bad *>(arg);
    do {
      photon::thread_usleep(10);
    } while (self->again_);
    self->th_ = nullptr; // from here on nobody can join this thread
    return nullptr;
  }
  photon::thread *th_;
  bool again_;
};

void ringOnceBad() {
  clock_bad clock(false);
  photon::thread_usleep(20);
}

// The same, but the handle stays.
class clock_ok {
public:
  explicit clock_ok(bool again) : again_(again) {
    th_ = photon::thread_create(&run, this);
    photon::thread_enable_join(th_);
  }
  ~clock_ok() {
    if (!th_)
      return;
    again_ = false;
    photon::thread_interrupt(th_);
    photon::thread_join((photon::join_handle *)th_);
  }

private:
  static void *run(void *arg) {
    auto *self = static_cast<clock_ok *>(arg);
    do {
      photon::thread_usleep(10);
    } while (self->again_);
    return nullptr;
  }
  photon::thread *th_;
  bool again_;
};

void ringOnceOk() {
  clock_ok clock(false);
  photon::thread_usleep(20);
}

// A thread that nobody joins may forget itself.
class lamp_ok {
public:
  lamp_ok() { th_ = photon::thread_create(&run, this); }
  ~lamp_ok() {
    while (th_)
      photon::thread_usleep(1);
  }

private:
  static void *run(void *arg) {
    photon::thread_usleep(10);
    static_cast<lamp_ok *>(arg)->th_ = nullptr;
    return nullptr;
  }
  photon::thread *th_;
};

void flashOk() { lamp_ok lamp; }

static void ring(void *) {}

void timerOk() { photon::Timer timer(&ring, nullptr); }

// What the library's timer does is followed: its thread waits for ever in what it calls.
static void ringAndWaitBad(void *bells) {
  // CHECK: :[[@LINE+1]]:3: warning: send on 'bells' can block for ever [sluice-unreceived-send]
  static_cast<photon::channel<int> *>(bells)->send(1);
}

void timerBad() {
  photon::channel<int> bells;
  photon::Timer timer(&ringAndWaitBad, &bells);
}

struct worker {
  photon::semaphore named;
  photon::thread *own = nullptr;
};

static void *joinItself(void *arg) {
  auto *self = static_cast<worker *>(arg);
  self->named.wait(1);
  // CHECK: :[[@LINE+1]]:{{[0-9]+}}: warning: {{.*}}[sluice-deadlock]
  photon::thread_join((photon::join_handle *)self->own);
  return nullptr;
}

void joinsItselfBad() {
  auto *self = new worker;
  self->own = photon::thread_create(&joinItself, self);
  photon::thread_enable_join(self->own);
  self->named.signal(1);
}
// CHECK: {{[^0-9]}}0 without verdict
