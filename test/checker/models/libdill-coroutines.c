// The macros of libdill are followed: go() starts a coroutine in a bundle, whose end cancels it; a
// channel is two handles, each of which sends what the other receives.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes %s -- -I%S/Inputs 2>&1 | FileCheck %s --implicit-check-not=warning:
#include "libdill.h"
#include <assert.h>
#include <errno.h>
#include <stdio.h>

static coroutine void square(int ch) {
  int n;
  int rc = chrecv(ch, &n, sizeof(n), -1);
  assert(rc == 0);
  n *= n;
  rc = chsend(ch, &n, sizeof(n), -1);
  assert(rc == 0);
}

void askOk(void) {
  int ch[2], n = 3;
  int rc = chmake(ch);
  if (rc < 0)
    return;
  int cr = go(square(ch[1]));
  if (cr < 0)
    return;
  chsend(ch[0], &n, sizeof(n), -1);
  chrecv(ch[0], &n, sizeof(n), -1);
  hclose(cr);
  hclose(ch[0]);
  hclose(ch[1]);
}

static coroutine void answer(int ch) {
  int n = 1;
  // CHECK: :[[@LINE+1]]:3: warning: send on 'ch' blocks for ever {{.*}}[sluice-unreceived-send]
  chsend(ch, &n, sizeof(n), -1);
}

void leavesEarlyBad(int hurried) {
  int ch[2], n;
  chmake(ch);
  go(answer(ch[1]));
  if (!hurried)
    chrecv(ch[0], &n, sizeof(n), -1);
}

static coroutine void answerUnlessClosed(int ch) {
  int n = 1;
  chsend(ch, &n, sizeof(n), -1);
}

void leavesEarlyOk(int hurried) {
  int ch[2], n;
  chmake(ch);
  int cr = go(answerUnlessClosed(ch[1]));
  if (!hurried)
    chrecv(ch[0], &n, sizeof(n), -1);
  hclose(cr);
  hclose(ch[0]);
  hclose(ch[1]);
}

void ownMemoryOk(struct bundle_storage *space, struct chstorage *room, void *stack) {
  int ch[2], n;
  chmake_mem(room, ch);
  int b = bundle_mem(space);
  bundle_go(b, answerUnlessClosed(ch[1]));
  int first = hown(ch[0]);
  int cr = go_mem(answerUnlessClosed(ch[1]), stack, 4096);
  chrecv(first, &n, sizeof(n), -1);
  chrecv(first, &n, sizeof(n), -1);
  bundle_wait(cr, -1);
  hclose(cr);
  hclose(b);
}

void anyCoroutineOk(void (*start)(int)) {
  int ch[2];
  chmake(ch);
  int cr = go(start(ch[1]));
  void (*known)(int) = answerUnlessClosed;
  int other = go(known(ch[0]));
  msleep(now() + 10);
  errno = 0;
  hclose(other);
  hclose(cr);
}

void nobodySendsBad(void) {
  int ch[2], n;
  chmake(ch);
  // CHECK: :[[@LINE+1]]:3: warning: receive from 'ch' waits for ever [sluice-starved-receive]
  chrecv(ch[0], &n, sizeof(n), -1);
}

void nobodySendsInTimeOk(int64_t patience) {
  int ch[2], n;
  chmake(ch);
  chrecv(ch[0], &n, sizeof(n), 0);
  chrecv(ch[0], &n, sizeof(n), now() + 100);
  if (patience >= 0)
    chrecv(ch[0], &n, sizeof(n), patience);
}

static int receiveUntil(int ch, int64_t deadline) {
  int n;
  // CHECK: :[[@LINE+1]]:10: warning: receive from 'ch' waits for ever [sluice-starved-receive]
  return chrecv(ch, &n, sizeof(n), deadline);
}

void nobodySendsWithoutLimitBad(void) {
  int ch[2];
  chmake(ch);
  receiveUntil(ch[0], -1);
}

static coroutine void receiveAtBothEnds(int ch[2]) {
  int n;
  chrecv(ch[1], &n, sizeof(n), -1);
  // CHECK: :[[@LINE+1]]:3: warning: receive from 'ch' waits for ever [sluice-starved-receive]
  chrecv(ch[0], &n, sizeof(n), -1);
}

void bothEndsBad(void) {
  int ch[2], n = 1;
  chmake(ch);
  go(receiveAtBothEnds(ch));
  chsend(ch[0], &n, sizeof(n), -1);
}

// Each end has its own way: what it sends it does not receive.
static coroutine void sendOne(int ch) {
  int n = 1;
  chsend(ch, &n, sizeof(n), -1);
}

void sameEndBad(void) {
  int ch[2], n;
  chmake(ch);
  int cr = go(sendOne(ch[0]));
  // CHECK: :[[@LINE+1]]:3: warning: receive from 'ch' waits for ever [sluice-starved-receive]
  chrecv(ch[0], &n, sizeof(n), -1);
  hclose(cr);
}

static coroutine void awaitAnswer(int ch) {
  int n;
  // CHECK: :[[@LINE+1]]:3: warning: receive from 'ch' waits for ever [sluice-starved-receive]
  chrecv(ch, &n, sizeof(n), -1);
}

void waitsFirstBad(void) {
  int ch[2], n = 1;
  chmake(ch);
  int b = bundle();
  bundle_go(b, awaitAnswer(ch[1]));
  bundle_wait(b, -1);
  chsend(ch[0], &n, sizeof(n), -1);
  hclose(b);
}

static coroutine void receiveOne(int ch) {
  int n;
  chrecv(ch, &n, sizeof(n), -1);
}

void waitsLastOk(void) {
  int ch[2], n = 1;
  chmake(ch);
  int b = bundle();
  for (int i = 0; i < 3; ++i)
    bundle_go(b, receiveOne(ch[1]));
  for (int i = 0; i < 3; ++i)
    chsend(ch[0], &n, sizeof(n), -1);
  int rc = bundle_wait(b, -1);
  assert(rc == 0);
  hclose(b);
}

static coroutine void receiveNone(int ch) {
  int n;
  // CHECK: :[[@LINE+1]]:3: warning: receive from 'ch' waits for ever [sluice-starved-receive]
  chrecv(ch, &n, sizeof(n), -1);
}

void waitsForStuckBad(void) {
  int ch[2];
  chmake(ch);
  bundle_wait(go(receiveNone(ch[1])), -1);
}

static coroutine void receiveAtMostOne(int ch) {
  int n;
  chrecv(ch, &n, sizeof(n), -1);
}

void waitsForAWhileOk(void) {
  int ch[2];
  chmake(ch);
  int b = bundle();
  bundle_go(b, receiveAtMostOne(ch[1]));
  int rc = bundle_wait(b, now() + 100);
  if (rc < 0 && errno == ETIMEDOUT)
    printf("too late\n");
  hclose(b);
}

static coroutine void serve(int ch) {
  int n;
  while (chrecv(ch, &n, sizeof(n), -1) == 0)
    printf("%d\n", n);
}

void doneOk(void) {
  int ch[2], n = 1;
  chmake(ch);
  int cr = go(serve(ch[1]));
  chsend(ch[0], &n, sizeof(n), -1);
  chdone(ch[0]);
  bundle_wait(cr, -1);
  hclose(cr);
}

// One end that is closed ends no wait at the other, both do.
static coroutine void serveUntilDone(int ch) {
  int n;
  // CHECK: :[[@LINE+1]]:10: warning: receive from 'ch' waits for ever [sluice-starved-receive]
  while (chrecv(ch, &n, sizeof(n), -1) == 0)
    printf("%d\n", n);
}

void closesOneEndBad(void) {
  int ch[2];
  chmake(ch);
  go(serveUntilDone(ch[1]));
  hclose(ch[0]);
}

static coroutine void serveUntilClosed(int ch) {
  int n;
  while (chrecv(ch, &n, sizeof(n), -1) == 0)
    printf("%d\n", n);
}

void closesBothEndsOk(void) {
  int ch[2];
  chmake(ch);
  int cr = go(serveUntilClosed(ch[1]));
  hclose(ch[0]);
  hclose(ch[1]);
  bundle_wait(cr, -1);
}

static coroutine void tick(void) {
  for (;;) {
    // CHECK: :[[@LINE+1]]:5: warning: 'tick' may never end: nothing can stop it [sluice-missing-cancellation]
    msleep(now() + 10);
    printf("tick\n");
  }
}

void tickBad(void) { go(tick()); }

static coroutine void tickUntilCancelled(void) {
  while (msleep(now() + 10) == 0)
    printf("tick\n");
}

void tickOk(void) {
  int cr = go(tickUntilCancelled());
  msleep(now() + 100);
  hclose(cr);
}

// A coroutine that takes no heed is waited for in vain.
static coroutine void tickOn(void) {
  for (;;) {
    // CHECK: :[[@LINE+1]]:5: warning: 'tickOn' may never end: nothing can stop it [sluice-missing-cancellation]
    msleep(now() + 10);
    printf("tick\n");
  }
}

void closesInVainBad(void) {
  int cr = go(tickOn());
  hclose(cr);
}

// Who waits without end may be cancelled, too.
static coroutine void linger(void) {
  int rc = msleep(-1);
  assert(rc == -1 && errno == ECANCELED);
}

static coroutine void lead(int ch) {
  int cr = go(linger());
  int n;
  chrecv(ch, &n, sizeof(n), -1);
  hclose(cr);
}

void nestedOk(void) {
  int ch[2];
  chmake(ch);
  int cr = go(lead(ch[1]));
  msleep(now() + 10);
  hclose(cr);
}

// What others may start they may cancel as well.
coroutine void rest(void) {
  int ch[2], n;
  chmake(ch);
  chrecv(ch[0], &n, sizeof(n), -1);
  hclose(ch[0]);
  hclose(ch[1]);
}

void restOk(void) {
  int cr = go(rest());
  msleep(now() + 10);
  hclose(cr);
}

// A coroutine that has been cancelled neither sends nor starts others.
static coroutine void handOn(int from, int to) {
  int n;
  while (chrecv(from, &n, sizeof(n), -1) == 0)
    ;
  if (chsend(to, &n, sizeof(n), -1) == 0 || go(rest()) >= 0)
    chrecv(to, &n, sizeof(n), -1);
}

void handOnOk(void) {
  int from[2], to[2], n;
  chmake(from);
  chmake(to);
  int cr = go(handOn(from[1], to[1]));
  hclose(cr);
  chrecv(to[0], &n, sizeof(n), now() + 10);
}

void chooseBad(void) {
  int a[2], b[2], n = 1, m;
  chmake(a);
  chmake(b);
  struct chclause clauses[] = {{CHSEND, a[0], &n, sizeof(n)}, {CHRECV, b[0], &m, sizeof(m)}};
  // CHECK: :[[@LINE+1]]:11: warning: select on 'a' and 'b' waits for ever [sluice-starved-receive]
  switch (choose(clauses, 2, -1)) {
  case 0:
    printf("sent\n");
    break;
  case 1:
    printf("%d\n", m);
    break;
  }
}

void chooseInTimeOk(void) {
  int a[2], m;
  chmake(a);
  struct chclause clause = {CHRECV, a[0], &m, sizeof(m)};
  int rc = choose(&clause, 1, now() + 10);
  if (rc == -1)
    printf("too late\n");
}

void chooseNothingBad(void) {
  int ch[2], n;
  chmake(ch);
  if (choose(NULL, 0, now() + 10) == -1)
    // CHECK: :[[@LINE+1]]:5: warning: receive from 'ch' waits for ever [sluice-starved-receive]
    chrecv(ch[0], &n, sizeof(n), -1);
}

static coroutine void sendTo(int ch, int n) { chsend(ch, &n, sizeof(n), -1); }

void chooseBothOk(void) {
  int a[2], b[2], m = 0;
  chmake(a);
  chmake(b);
  int workers = bundle();
  bundle_go(workers, sendTo(a[1], 1));
  bundle_go(workers, sendTo(b[1], 2));
  struct chclause clauses[] = {{CHRECV, a[0], &m, sizeof(m)}, {CHRECV, b[0], &m, sizeof(m)}};
  for (int i = 0; i != 2; ++i) {
    int chosen = choose(clauses, 2, -1);
    assert(chosen >= 0 && m == chosen + 1);
  }
  bundle_wait(workers, -1);
  hclose(workers);
}

// What errno is after choose() tells a value from a channel that is done.
static coroutine void countTo(int ch, int last) {
  for (int i = 0; i != last; ++i)
    chsend(ch, &i, sizeof(i), -1);
  chdone(ch);
}

void chooseUntilDoneOk(int loud) {
  int ch[2], done = 0, n;
  chmake(ch);
  go(countTo(ch[1], 2));
  struct chclause clauses[] = {{CHRECV, ch[0], &n, sizeof(n)}};
  while (!done) {
    if (choose(clauses, 1, -1) < 0)
      return;
    if (errno == EPIPE)
      done = 1;
    else if (loud)
      printf("%d\n", n);
  }
}

static coroutine void countOn(int ch, int last) {
  for (int i = 0; i != last; ++i)
    // CHECK: :[[@LINE+1]]:5: warning: send on 'ch' blocks for ever if 'chooseOrGiveUpBad' stops waiting first [sluice-unreceived-send]
    chsend(ch, &i, sizeof(i), -1);
  chdone(ch);
}

// Printing may change it.
void chooseOrGiveUpBad(void) {
  int ch[2], n;
  chmake(ch);
  go(countOn(ch[1], 2));
  struct chclause clauses[] = {{CHRECV, ch[0], &n, sizeof(n)}};
  do {
    choose(clauses, 1, -1);
    printf("%d\n", n);
  } while (errno == 0);
}

// A handle may be handed on in a message.
struct request {
  int reply;
  int number;
};

static coroutine void clerk(int requests) {
  struct request r;
  while (chrecv(requests, &r, sizeof(r), -1) == 0)
    chsend(r.reply, &r.number, sizeof(r.number), -1);
}

void requestOk(void) {
  int requests[2], reply[2], n;
  chmake(requests);
  chmake(reply);
  int cr = go(clerk(requests[1]));
  struct request r = {reply[1], 7};
  chsend(requests[0], &r, sizeof(r), -1);
  chrecv(reply[0], &n, sizeof(n), -1);
  assert(n == 7);
  hclose(cr);
}

// What a coroutine out of sight is handed has no verdict.
// CHECK: {{[^0-9]}}1 without verdict (1 depend on unknown callees)
