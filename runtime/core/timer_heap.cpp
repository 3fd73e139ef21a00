// A pairing heap: arming needs no memory, and nodes leave from anywhere.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/timer_heap.hpp"

#include "core/scheduler.hpp"
#include "core/spinlock.hpp"

#include <atomic>
#include <mutex>
#include <utility>

namespace sluice::core {
namespace {

struct heap_state {
  std::atomic<timer_node *> arrived{nullptr}; // by `sibling`, the latest first
  spinlock guards_all_below;                  // never held while a fire function runs
  timer_node *root = nullptr;
  std::uint64_t last_order = 0;
  timer_node *firing = nullptr;  // whose function runs now
  std::atomic<bool> busy{false}; // a thread is firing; written under the lock
  // Of all that are armed; too early only until whoever made it so has had a searcher look.
  std::atomic<clock::rep> earliest{clock::time_point::max().time_since_epoch().count()};
};
constinit heap_state heap;

bool before(const timer_node *a, const timer_node *b) noexcept {
  return a->when != b->when ? a->when < b->when : a->order < b->order;
}

timer_node *meld(timer_node *a, timer_node *b) noexcept {
  if (!a || !b)
    return a ? a : b;
  if (before(b, a))
    std::swap(a, b);
  b->sibling = a->child;
  if (a->child)
    a->child->previous = b;
  b->previous = a;
  a->child = b;
  return a;
}

// Melds neighbours in pairs, then the pairs from the last to the first: this is what makes removal
// logarithmic in the long run.
timer_node *meld_children(timer_node *first) noexcept {
  timer_node *pairs = nullptr;
  while (first) {
    timer_node *a = first;
    timer_node *b = a->sibling;
    first = b ? b->sibling : nullptr;
    a->sibling = nullptr;
    if (b)
      b->sibling = nullptr;
    timer_node *pair = meld(a, b);
    pair->sibling = pairs;
    pairs = pair;
  }
  timer_node *root = nullptr;
  while (pairs) {
    timer_node *rest = pairs->sibling;
    pairs->sibling = nullptr;
    root = meld(root, pairs);
    pairs = rest;
  }
  if (root)
    root->previous = nullptr;
  return root;
}

void unlink(timer_node &n) noexcept {
  timer_node *children = meld_children(n.child);
  if (heap.root == &n) {
    heap.root = children;
  } else {
    (n.previous->child == &n ? n.previous->child : n.previous->sibling) = n.sibling;
    if (n.sibling)
      n.sibling->previous = n.previous;
    heap.root = meld(heap.root, children);
  }
  n.child = n.sibling = n.previous = nullptr;
  n.armed = false;
}

// Takes the nodes that were armed since into the heap, in that order.
void take_in_arrived() noexcept {
  timer_node *latest = heap.arrived.exchange(nullptr);
  timer_node *first = nullptr;
  while (latest) {
    timer_node *before_it = latest->sibling;
    latest->sibling = first;
    first = latest;
    latest = before_it;
  }
  while (first) {
    timer_node *n = first;
    first = n->sibling;
    n->sibling = nullptr;
    n->order = ++heap.last_order;
    heap.root = meld(heap.root, n);
  }
}

// Arming puts a node there and then looks at `earliest`; this writes that and then looks there, in
// one order. So one of both sees the other.
void publish_earliest() noexcept {
  do {
    take_in_arrived();
    const auto when = heap.root ? heap.root->when : clock::time_point::max();
    heap.earliest.store(when.time_since_epoch().count());
  } while (heap.arrived.load());
}

// Whether `when` is before all others.
bool note_earlier(clock::time_point when) noexcept {
  const clock::rep then = when.time_since_epoch().count();
  clock::rep earliest = heap.earliest.load();
  while (then < earliest)
    if (heap.earliest.compare_exchange_weak(earliest, then))
      return true;
  return false;
}

// Claims the next due node; null when none is.
timer_node *next_due(clock::time_point now) noexcept {
  std::lock_guard hold(heap.guards_all_below);
  heap.firing = nullptr;
  take_in_arrived();
  timer_node *n = heap.root;
  if (!n || n->when > now) {
    publish_earliest();
    heap.busy.store(false, std::memory_order_relaxed); // as in fire_timers()
    return nullptr;
  }
  unlink(*n);
  publish_earliest();
  heap.firing = n;
  return n;
}

void visit(timer_node *n, void (*f)(timer_node &, void *), void *arg) {
  for (; n; n = n->sibling) {
    f(*n, arg);
    visit(n->child, f, arg);
  }
}

} // namespace

// Without the lock, which whoever fires holds for long: the nodes lie on as many cold stacks.
void arm(timer_node &node) noexcept {
  start_scheduler();
  node.child = node.sibling = node.previous = nullptr;
  node.armed = true;
  const clock::time_point when = node.when; // once it is there it may fire, and be gone
  timer_node *latest = heap.arrived.load();
  do
    node.sibling = latest;
  while (!heap.arrived.compare_exchange_weak(latest, &node));
  if (note_earlier(when))
    earlier_timer();
}

bool disarm(timer_node &node) noexcept {
  for (;;) {
    {
      std::lock_guard hold(heap.guards_all_below);
      take_in_arrived();
      if (node.armed) {
        unlink(node);
        publish_earliest();
        return true;
      }
      if (heap.firing != &node)
        return false;
    }
    yield_thread(); // its function runs at this moment, and is short
  }
}

clock::time_point next_timer() noexcept {
  return clock::time_point(clock::duration(heap.earliest.load(std::memory_order_relaxed)));
}

bool fire_timers() noexcept {
  if (next_timer() == clock::time_point::max())
    return false;
  const auto now = clock::now();
  // Relaxed: without the lock it is a hint, and who fires holds the lock nearly all the time.
  if (next_timer() > now || heap.busy.load(std::memory_order_relaxed))
    return false;
  {
    std::lock_guard hold(heap.guards_all_below);
    if (heap.busy.load(std::memory_order_relaxed)) // exact under the lock
      return false;
    heap.busy.store(true, std::memory_order_relaxed);
  }
  bool any = false;
  while (timer_node *n = next_due(now)) {
    n->fire(n);
    any = true;
  }
  return any;
}

void for_each_timer(void (*f)(timer_node &, void *), void *arg) {
  visit(heap.arrived.load(), f, arg);
  visit(heap.root, f, arg);
}

const timer_node *firing_timer() noexcept { return heap.firing; }

void lock_timers() noexcept { heap.guards_all_below.lock(); }
void unlock_timers() noexcept { heap.guards_all_below.unlock(); }
void forget_timers() noexcept {
  heap.arrived.store(nullptr);
  heap.root = heap.firing = nullptr;
  heap.busy.store(false, std::memory_order_relaxed); // no other thread is there
  publish_earliest();
}

} // namespace sluice::core
