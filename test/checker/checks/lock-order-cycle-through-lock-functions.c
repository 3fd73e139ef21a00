// Of an object that has a lock of its own and functions that take it, the object's class says which
// lock it is. Of a lock that others have in them, it says nothing.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes %s -- 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <pthread.h>
#include <stdlib.h>

struct place {
  int visitors;
};
struct visit {
  pthread_mutex_t guard;
  struct place *where;
};

struct visit *visit_begin(struct place *where) {
  struct visit *v = malloc(sizeof *v);
  if (!v)
    return NULL;
  pthread_mutex_init(&v->guard, NULL);
  v->where = where;
  v->where->visitors++;
  return v;
}

static void visit_lock(struct visit *v) { pthread_mutex_lock(&v->guard); }
static void visit_unlock(struct visit *v) { pthread_mutex_unlock(&v->guard); }

static pthread_mutex_t visits_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct visit *visits[4];

void visit_end_bad(struct visit *v) {
  visit_lock(v);
  // CHECK: :[[@LINE+2]]:3: warning: lock of 'visits_mutex' can wait for ever: 'count_bad' holds it
  // CHECK-SAME: waits for 'visit::guard' [sluice-lock-order-cycle]
  pthread_mutex_lock(&visits_mutex);
  visits[0] = NULL;
  pthread_mutex_unlock(&visits_mutex);
  visit_unlock(v);
}

void count_bad(void) {
  pthread_mutex_lock(&visits_mutex);
  if (visits[0]) {
    visit_lock(visits[0]);
    visits[0]->where->visitors++;
    visit_unlock(visits[0]);
  }
  pthread_mutex_unlock(&visits_mutex);
}

// A lock that anybody may have in him: these two are different ones.
struct latch {
  pthread_mutex_t m;
  int holder;
};
static void latch_take(struct latch *l) {
  pthread_mutex_lock(&l->m);
  l->holder = 1;
}
static void latch_drop(struct latch *l) {
  l->holder = 0;
  pthread_mutex_unlock(&l->m);
}

struct barn {
  struct latch latch;
  int cows;
};
struct stable {
  struct latch latch;
  int horses;
};
static pthread_mutex_t hay_mutex = PTHREAD_MUTEX_INITIALIZER;

void feed_cows_ok(struct barn *b) {
  latch_take(&b->latch);
  pthread_mutex_lock(&hay_mutex);
  b->cows++;
  pthread_mutex_unlock(&hay_mutex);
  latch_drop(&b->latch);
}

void feed_horses_ok(struct stable *s) {
  pthread_mutex_lock(&hay_mutex);
  latch_take(&s->latch);
  s->horses++;
  latch_drop(&s->latch);
  pthread_mutex_unlock(&hay_mutex);
}

// Such a lock again, which knows who waits for it and is handed on by pointer.
struct waiter {
  int number;
};
struct monitor {
  pthread_mutex_t m;
  struct waiter *first;
};
static struct monitor *monitor_new(void) {
  struct monitor *made = malloc(sizeof *made);
  if (!made)
    abort();
  pthread_mutex_init(&made->m, NULL);
  made->first = NULL;
  return made;
}
static void monitor_enter(struct monitor *it) {
  pthread_mutex_lock(&it->m);
  if (it->first)
    it->first->number++;
}
static void monitor_leave(struct monitor *it) { pthread_mutex_unlock(&it->m); }

struct oven {
  struct monitor *monitor;
};
struct fridge {
  struct monitor *monitor;
};
static pthread_mutex_t menu_mutex = PTHREAD_MUTEX_INITIALIZER;

void install_oven(struct oven *o) { o->monitor = monitor_new(); }
void install_fridge(struct fridge *f) { f->monitor = monitor_new(); }

void bake_ok(struct monitor *ovens) {
  monitor_enter(ovens);
  pthread_mutex_lock(&menu_mutex);
  pthread_mutex_unlock(&menu_mutex);
  monitor_leave(ovens);
}

void cool_ok(struct monitor *fridges) {
  pthread_mutex_lock(&menu_mutex);
  monitor_enter(fridges);
  monitor_leave(fridges);
  pthread_mutex_unlock(&menu_mutex);
}

// One order only.
static pthread_mutex_t tour_mutex = PTHREAD_MUTEX_INITIALIZER;

void guide_ok(struct visit *v) {
  visit_lock(v);
  pthread_mutex_lock(&tour_mutex);
  pthread_mutex_unlock(&tour_mutex);
  visit_unlock(v);
}
