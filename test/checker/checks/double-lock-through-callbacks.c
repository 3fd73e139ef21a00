// A callback that is run under the lock of the object that it is handed calls back what takes that
// lock.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes %s -- 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <pthread.h>
#include <stdlib.h>

struct client;
struct office {
  void (*on_leave)(struct client *);
};
struct client {
  pthread_mutex_t writing;
  struct office *office;
  int sent;
};

struct client *client_new(struct office *office) {
  struct client *c = malloc(sizeof *c);
  if (!c)
    return NULL;
  pthread_mutex_init(&c->writing, NULL);
  c->office = office;
  return c;
}

void client_write(struct client *c, int n) {
  // CHECK: :[[@LINE+1]]:3: warning: lock of 'client::writing' can block for ever: this task holds 'client::writing' already [sluice-double-lock]
  pthread_mutex_lock(&c->writing);
  c->sent += n;
  pthread_mutex_unlock(&c->writing);
}

void client_leave(struct client *c) {
  pthread_mutex_lock(&c->writing);
  if (c->office->on_leave)
    c->office->on_leave(c);
  pthread_mutex_unlock(&c->writing);
}

static void say_good_bye_bad(struct client *c) { client_write(c, 1); }
void open_office_bad(struct office *o) { o->on_leave = say_good_bye_bad; }

// Run before the lock is taken.
struct guest;
struct house {
  void (*on_leave)(struct guest *);
};
struct guest {
  pthread_mutex_t writing;
  struct house *house;
  int sent;
};
void guest_write(struct guest *g, int n) {
  pthread_mutex_lock(&g->writing);
  g->sent += n;
  pthread_mutex_unlock(&g->writing);
}
void guest_leave(struct guest *g) {
  if (g->house->on_leave)
    g->house->on_leave(g);
  pthread_mutex_lock(&g->writing);
  g->sent = 0;
  pthread_mutex_unlock(&g->writing);
}
static void say_good_bye_ok(struct guest *g) { guest_write(g, 1); }
void open_house_ok(struct house *h) { h->on_leave = say_good_bye_ok; }

// The callback writes to another one.
struct twin {
  pthread_mutex_t writing;
  struct twin *other;
  void (*on_leave)(struct twin *);
  int sent;
};
void twin_write(struct twin *t, int n) {
  pthread_mutex_lock(&t->writing);
  t->sent += n;
  pthread_mutex_unlock(&t->writing);
}
void twin_leave(struct twin *t) {
  pthread_mutex_lock(&t->writing);
  t->on_leave(t);
  pthread_mutex_unlock(&t->writing);
}
static void tell_other_ok(struct twin *t) { twin_write(t->other, 1); }
void pair_ok(struct twin *t) { t->on_leave = tell_other_ok; }

// The lock may be taken again.
struct nested {
  pthread_mutex_t writing;
  void (*on_leave)(struct nested *);
  int sent;
};
void nested_init(struct nested *n) {
  pthread_mutexattr_t again;
  pthread_mutexattr_init(&again);
  pthread_mutexattr_settype(&again, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&n->writing, &again);
}
void nested_write(struct nested *n) {
  pthread_mutex_lock(&n->writing);
  n->sent++;
  pthread_mutex_unlock(&n->writing);
}
void nested_leave(struct nested *n) {
  pthread_mutex_lock(&n->writing);
  n->on_leave(n);
  pthread_mutex_unlock(&n->writing);
}
static void write_again_ok(struct nested *n) { nested_write(n); }
void nest_ok(struct nested *n) { n->on_leave = write_again_ok; }

// The callback releases the lock for as long as it calls back.
struct polite {
  pthread_mutex_t writing;
  void (*on_leave)(struct polite *);
  int sent;
};
void polite_write(struct polite *p) {
  pthread_mutex_lock(&p->writing);
  p->sent++;
  pthread_mutex_unlock(&p->writing);
}
void polite_leave(struct polite *p) {
  pthread_mutex_lock(&p->writing);
  p->on_leave(p);
  pthread_mutex_unlock(&p->writing);
}
static void step_aside_ok(struct polite *p) {
  pthread_mutex_unlock(&p->writing);
  polite_write(p);
  pthread_mutex_lock(&p->writing);
}
void be_polite_ok(struct polite *p) { p->on_leave = step_aside_ok; }

// Only some have the callback that takes the lock, and it is called for others.
struct sheet {
  pthread_mutex_t writing;
  void (*on_leave)(struct sheet *);
  int sent;
};
void sheet_write(struct sheet *s) {
  pthread_mutex_lock(&s->writing);
  s->sent++;
  pthread_mutex_unlock(&s->writing);
}
void sheet_leave(struct sheet *s) {
  pthread_mutex_lock(&s->writing);
  s->on_leave(s);
  pthread_mutex_unlock(&s->writing);
}
void sheet_drop(struct sheet *s) { s->on_leave(s); }
static void note_ok(struct sheet *s) { s->sent = 0; }
static void write_last_ok(struct sheet *s) { sheet_write(s); }
void sheet_noted(struct sheet *s) { s->on_leave = note_ok; }
void sheet_written(struct sheet *s) { s->on_leave = write_last_ok; }
