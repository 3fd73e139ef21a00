// A callback that code in sight keeps in a field may be run by whoever calls what that field holds.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes %s -- 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <pthread.h>
#include <stddef.h>

struct line;
struct room {
  void (*on_leave)(struct line *);
};
struct line {
  pthread_mutex_t writing;
  struct room *room;
  int sent;
};

void line_write(struct line *l, int n) {
  // CHECK: :[[@LINE+2]]:3: warning: lock of 'line::writing' can wait for ever: 'line_hang_up' holds
  // CHECK-SAME: waits for 'guests_mutex' [sluice-lock-order-cycle]
  pthread_mutex_lock(&l->writing);
  l->sent += n;
  pthread_mutex_unlock(&l->writing);
}

void line_hang_up(struct line *l) {
  pthread_mutex_lock(&l->writing);
  if (l->room->on_leave)
    l->room->on_leave(l);
  l->sent = 0;
  pthread_mutex_unlock(&l->writing);
}

static pthread_mutex_t guests_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct line *guests[4];

static void strike_off_bad(struct line *l) {
  pthread_mutex_lock(&guests_mutex);
  for (int i = 0; i < 4; i++)
    if (guests[i] == l)
      guests[i] = NULL;
  pthread_mutex_unlock(&guests_mutex);
}

void announce_bad(int n) {
  pthread_mutex_lock(&guests_mutex);
  for (int i = 0; i < 4; i++)
    if (guests[i])
      line_write(guests[i], n);
  pthread_mutex_unlock(&guests_mutex);
}

void open_room(struct room *r) { r->on_leave = strike_off_bad; }

// The same, but the callback is run before the lock is taken.
struct call;
struct exchange {
  void (*on_end)(struct call *);
};
struct call {
  pthread_mutex_t speaking;
  struct exchange *exchange;
  int sent;
};

void call_end(struct call *c) {
  if (c->exchange->on_end)
    c->exchange->on_end(c);
  pthread_mutex_lock(&c->speaking);
  c->sent = 0;
  pthread_mutex_unlock(&c->speaking);
}

static pthread_mutex_t calls_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct call *calls[4];

static void strike_off_ok(struct call *c) {
  pthread_mutex_lock(&calls_mutex);
  calls[0] = calls[0] == c ? NULL : calls[0];
  pthread_mutex_unlock(&calls_mutex);
}

void announce_ok(void) {
  pthread_mutex_lock(&calls_mutex);
  if (calls[0]) {
    pthread_mutex_lock(&calls[0]->speaking);
    calls[0]->sent++;
    pthread_mutex_unlock(&calls[0]->speaking);
  }
  pthread_mutex_unlock(&calls_mutex);
}

void open_exchange(struct exchange *e) { e->on_end = strike_off_ok; }

// One field of several: what is run under the lock is another callback, which takes none.
struct pipe;
struct hooks {
  void (*filled)(struct pipe *);
  void (*broken)(struct pipe *);
};
struct pipe {
  pthread_mutex_t flow;
  struct hooks *hooks;
  int level;
};

static pthread_mutex_t plan_mutex = PTHREAD_MUTEX_INITIALIZER;
static int pipes;

static void note_filled_ok(struct pipe *p) { p->level = 0; }

static void note_broken_ok(struct pipe *p) {
  pthread_mutex_lock(&plan_mutex);
  pipes -= p->level;
  pthread_mutex_unlock(&plan_mutex);
}

void pipe_fill(struct pipe *p) {
  pthread_mutex_lock(&p->flow);
  p->level++;
  p->hooks->filled(p);
  pthread_mutex_unlock(&p->flow);
}

void pipe_break(struct pipe *p) { p->hooks->broken(p); }

void drain_all_ok(struct pipe *p) {
  pthread_mutex_lock(&plan_mutex);
  pthread_mutex_lock(&p->flow);
  p->level = 0;
  pthread_mutex_unlock(&p->flow);
  pthread_mutex_unlock(&plan_mutex);
}

void hook_up(struct hooks *h) {
  h->filled = note_filled_ok;
  h->broken = note_broken_ok;
}

// Two callbacks that only some objects have: who has the one that locks may never be the one that
// the other order is about.
struct shelf;
struct shelf {
  pthread_mutex_t order;
  void (*changed)(struct shelf *);
  int books;
};

static pthread_mutex_t catalogue_mutex = PTHREAD_MUTEX_INITIALIZER;
static int changes;

static void recount_ok(struct shelf *s) { s->books++; }

static void record_ok(struct shelf *s) {
  pthread_mutex_lock(&catalogue_mutex);
  changes += s->books;
  pthread_mutex_unlock(&catalogue_mutex);
}

void shelf_touch(struct shelf *s) {
  pthread_mutex_lock(&s->order);
  s->changed(s);
  pthread_mutex_unlock(&s->order);
}

void catalogue_sort_ok(struct shelf *plain) {
  pthread_mutex_lock(&catalogue_mutex);
  pthread_mutex_lock(&plain->order);
  plain->books = changes;
  pthread_mutex_unlock(&plain->order);
  pthread_mutex_unlock(&catalogue_mutex);
}

void shelf_plain(struct shelf *s) { s->changed = recount_ok; }
void shelf_listed(struct shelf *s) { s->changed = record_ok; }

// A callback that only tries.
struct valve;
struct valve {
  pthread_mutex_t turning;
  void (*turned)(struct valve *);
};

static pthread_mutex_t log_mutex = PTHREAD_MUTEX_INITIALIZER;
static int turns;

static void log_turn_ok(struct valve *v) {
  if (pthread_mutex_trylock(&log_mutex) != 0)
    return;
  turns++;
  pthread_mutex_unlock(&log_mutex);
}

void valve_turn(struct valve *v) {
  pthread_mutex_lock(&v->turning);
  v->turned(v);
  pthread_mutex_unlock(&v->turning);
}

void log_all_ok(struct valve *v) {
  pthread_mutex_lock(&log_mutex);
  pthread_mutex_lock(&v->turning);
  turns = 0;
  pthread_mutex_unlock(&v->turning);
  pthread_mutex_unlock(&log_mutex);
}

void valve_open(struct valve *v) { v->turned = log_turn_ok; }
