// Opposite lock orders are found between entries of a library, though no one scope shows both.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-*,lock-order-cycle' %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace methods {
class Index;
class Store {
public:
  void putBad(Index &index);
  void touch();

private:
  std::mutex m;
  int n = 0;
};
class Index {
public:
  void add();
  void rebuild(Store &store);

private:
  std::mutex m;
  int n = 0;
};
void Store::putBad(Index &index) {
  std::lock_guard lock(m);
  index.add();
  ++n;
}
void Index::add() {
  // CHECK: [[@LINE+1]]:19: warning: lock of 'methods::Index::m' can wait for ever: 'methods::Index::rebuild' holds it and waits for 'methods::Store::m' [sluice-lock-order-cycle]
  std::lock_guard lock(m);
  ++n;
}
// CHECK: note: 1. 'methods::Store::putBad' locks 'methods::Store::m'
// CHECK: note: 2. 'methods::Index::rebuild' locks 'methods::Index::m'
// CHECK: note: 3. 'methods::Store::putBad' calls 'methods::Index::add'
// CHECK: note: 4. 'methods::Store::putBad' waits for ever to lock 'methods::Index::m'
// CHECK: note: 5. 'methods::Index::rebuild' calls 'methods::Store::touch'
// CHECK: note: 6. 'methods::Index::rebuild' waits for ever to lock 'methods::Store::m'
void Index::rebuild(Store &store) {
  std::lock_guard lock(m);
  store.touch();
  ++n;
}
void Store::touch() {
  std::lock_guard lock(m);
  ++n;
}
} // namespace methods

namespace released {
class Index;
class Store {
public:
  void putOk(Index &index);
  void touch();
  std::mutex m;
  int n = 0;
};
class Index {
public:
  void add();
  void rebuildOk(Store &store);
  std::mutex m;
  int n = 0;
};
void Store::putOk(Index &index) {
  std::unique_lock lock(m);
  ++n;
  lock.unlock();
  index.add();
}
void Index::add() {
  std::lock_guard lock(m);
  ++n;
}
void Index::rebuildOk(Store &store) {
  std::lock_guard lock(m);
  store.touch();
}
void Store::touch() {
  std::lock_guard lock(m);
  ++n;
}
} // namespace released

namespace callee_releases {
struct Other {
  std::mutex m;
  int n = 0;
};
class Store {
public:
  void putOk(Other &other);
  void lookOk(Other &other);

private:
  void addUnlocked(std::unique_lock<std::mutex> &lock, Other &other);
  std::mutex m;
  int n = 0;
};
void Store::addUnlocked(std::unique_lock<std::mutex> &lock, Other &other) {
  lock.unlock();
  {
    std::lock_guard inner(other.m);
    ++other.n;
  }
  lock.lock();
}
void Store::putOk(Other &other) {
  std::unique_lock lock(m);
  addUnlocked(lock, other);
  ++n;
}
void Store::lookOk(Other &other) {
  std::lock_guard outer(other.m);
  std::lock_guard inner(m);
  ++n;
}
} // namespace callee_releases

namespace wrapped {
class Mutex {
public:
  void Lock() { m.lock(); }
  void Unlock() { m.unlock(); }

private:
  std::mutex m;
};
class MutexLock {
public:
  explicit MutexLock(Mutex *m) : mutex(m) { mutex->Lock(); }
  ~MutexLock() { mutex->Unlock(); }
  MutexLock(const MutexLock &) = delete;

private:
  Mutex *const mutex;
};
struct Cache {
  Mutex lru, table, log;
  int n = 0;
};
void lookupBad(Cache &c) {
  MutexLock first(&c.lru);
  // CHECK: [[@LINE+1]]:13: warning: lock of 'wrapped::Cache::table' can wait for ever: 'wrapped::insert' holds it and waits for 'wrapped::Cache::lru' [sluice-lock-order-cycle]
  MutexLock second(&c.table);
  ++c.n;
}
void insert(Cache &c) {
  MutexLock first(&c.table);
  MutexLock second(&c.lru);
  ++c.n;
}
void logOk(Cache &c) {
  { MutexLock first(&c.log); }
  MutexLock second(&c.lru);
  ++c.n;
}
void logLastOk(Cache &c) {
  MutexLock first(&c.lru);
  MutexLock second(&c.log);
}
} // namespace wrapped

namespace wrapped_unknown {
// Which lock comes in is the caller's choice.
using wrapped::Mutex;
using wrapped::MutexLock;
struct Holder {
  std::mutex m;
  int n = 0;
};
void outsideFirstOk(Mutex &m, Holder &h) {
  MutexLock first(&m);
  std::lock_guard second(h.m);
  ++h.n;
}
void outsideLastOk(Mutex &m, Holder &h) {
  std::lock_guard first(h.m);
  MutexLock second(&m);
  ++h.n;
}
} // namespace wrapped_unknown

namespace tried {
struct Pair {
  std::mutex a, b;
  int n = 0;
};
void forwardOk(Pair &p) {
  std::lock_guard first(p.a);
  std::lock_guard second(p.b);
  ++p.n;
}
void backwardOk(Pair &p) {
  std::lock_guard first(p.b);
  std::unique_lock second(p.a, std::try_to_lock);
  if (second)
    ++p.n;
}
} // namespace tried

namespace together {
struct Pair {
  std::mutex a, b, c;
  int n = 0;
};
void forwardOk(Pair &p) {
  std::scoped_lock both(p.a, p.b);
  ++p.n;
}
void backwardOk(Pair &p) {
  std::scoped_lock both(p.b, p.a);
  ++p.n;
}
void thenAnotherBad(Pair &p) {
  std::scoped_lock both(p.a, p.b);
  // CHECK: [[@LINE+1]]:19: warning: lock of 'together::Pair::c' can wait for ever: 'together::other' holds it and waits for 'together::Pair::b' [sluice-lock-order-cycle]
  std::lock_guard third(p.c);
  ++p.n;
}
void other(Pair &p) {
  std::lock_guard third(p.c);
  std::lock_guard second(p.b);
  ++p.n;
}
} // namespace together

namespace unpublished {
class Cache;
class Registry {
public:
  void add(Cache *c);
  void clearOk();
  std::mutex m;
  std::vector<Cache *> all;
};
class Cache {
public:
  explicit Cache(Registry &r);
  ~Cache();
  void clear();

private:
  std::mutex m;
  int n = 0;
};
Cache::Cache(Registry &r) {
  std::lock_guard lock(m);
  r.add(this);
}
Cache::~Cache() {
  std::lock_guard lock(m);
  n = 0;
}
void Cache::clear() {
  std::lock_guard lock(m);
  n = 0;
}
void Registry::add(Cache *c) {
  std::lock_guard lock(m);
  all.push_back(c);
}
void Registry::clearOk() {
  std::lock_guard lock(m);
  for (Cache *c : all)
    c->clear();
}
} // namespace unpublished

namespace globals {
static std::mutex first, second;
static int n = 0;
void forwardBad() {
  std::lock_guard a(first);
  // CHECK: [[@LINE+1]]:19: warning: lock of 'globals::second' can wait for ever: 'globals::backward' holds it and waits for 'globals::first' [sluice-lock-order-cycle]
  std::lock_guard b(second);
  ++n;
}
void backward() {
  std::lock_guard b(second);
  std::lock_guard a(first);
  ++n;
}
} // namespace globals

namespace listeners {
class Listener {
public:
  virtual ~Listener() = default;
  virtual void changed(int value) = 0;
};
class Model {
public:
  void setBad(int value) {
    std::lock_guard lock(m);
    n = value;
    if (listener)
      listener->changed(n);
  }
  int get() {
    // CHECK: [[@LINE+1]]:21: warning: lock of 'listeners::Model::m' can wait for ever: 'listeners::Model::setBad' holds it and waits for 'listeners::View::m' [sluice-lock-order-cycle]
    std::lock_guard lock(m);
    return n;
  }

private:
  std::mutex m;
  int n = 0;
  Listener *listener = nullptr;
};
class View : public Listener {
public:
  void changed(int value) override {
    std::lock_guard lock(m);
    shown = value;
  }
  void paint(Model &model) {
    std::lock_guard lock(m);
    shown = model.get();
  }

private:
  std::mutex m;
  int shown = 0;
};
Listener *makeView() { return new View; }
} // namespace listeners

namespace three {
struct Ring {
  std::mutex a, b, c;
  int n = 0;
};
void oneBad(Ring &r) {
  std::lock_guard first(r.a);
  // CHECK: [[@LINE+1]]:19: warning: lock of 'three::Ring::b' can wait for ever: 'three::two' holds it and waits for 'three::Ring::c' [sluice-lock-order-cycle]
  std::lock_guard second(r.b);
  ++r.n;
}
void two(Ring &r) {
  std::lock_guard first(r.b);
  std::lock_guard second(r.c);
  ++r.n;
}
void three(Ring &r) {
  std::lock_guard first(r.c);
  std::lock_guard second(r.a);
  ++r.n;
}
} // namespace three

namespace own_task {
class Worker {
public:
  void startOk() {
    std::lock_guard lock(m);
    std::thread([this] {
      std::lock_guard inner(queue);
      ++n;
    }).detach();
  }
  void pushOk() {
    std::lock_guard outer(queue);
    std::lock_guard inner(m);
    ++n;
  }

private:
  std::mutex m, queue;
  int n = 0;
};
void use(Worker &w) {
  w.startOk();
  w.pushOk();
}
} // namespace own_task

namespace recursion {
struct Tree {
  std::mutex m, stats;
  Tree *left = nullptr;
  int n = 0;
};
void walkBad(Tree *t) {
  if (!t)
    return;
  std::lock_guard lock(t->m);
  walkBad(t->left);
  // CHECK: [[@LINE+1]]:19: warning: lock of 'recursion::Tree::stats' can wait for ever: 'recursion::report' holds it and waits for 'recursion::Tree::m' [sluice-lock-order-cycle]
  std::lock_guard count(t->stats);
  ++t->n;
}
void report(Tree &t) {
  std::lock_guard count(t.stats);
  std::lock_guard lock(t.m);
}
} // namespace recursion
