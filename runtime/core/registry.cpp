// The slab of tasks grows and never shrinks, so that reading it needs no lock.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/registry.hpp"

#include "core/fatal.hpp"
#include "core/sanitizer.hpp"
#include "core/spinlock.hpp"
#include "core/worker.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <mutex>
#include <new>
#include <sys/mman.h>

namespace sluice::core {
namespace {

constexpr std::size_t chunk_tasks = 512;
constexpr std::size_t chunk_bytes = chunk_tasks * sizeof(task);
constexpr std::size_t most_chunks = std::size_t{1} << 16;

struct slab_state {
  spinlock guards_free;
  task *free = nullptr;
  std::atomic<task *> chunks[most_chunks];
  std::atomic<std::size_t> count{0}; // published after the chunk it counts
  std::atomic<std::uint64_t> last_id{0};
};
constinit slab_state slab;

struct thread_list {
  spinlock guards_all;
  thread_record *first = nullptr;
};
constinit thread_list threads;

void *map_chunk() noexcept {
  mapping_scope hands_out_later;
  return mmap(nullptr, chunk_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

// The lock on the free list is held.
void grow() noexcept {
  const std::size_t n = slab.count.load(std::memory_order_relaxed);
  void *at = n == most_chunks ? MAP_FAILED : map_chunk();
  if (at == MAP_FAILED)
    fatal("out of memory for tasks");
  auto *tasks = static_cast<task *>(at);
  for (std::size_t i = chunk_tasks; i-- > 0;) {
    task *t = new (tasks + i) task;
    t->is_task = true;
    t->next = slab.free;
    slab.free = t;
  }
  slab.chunks[n].store(tasks, std::memory_order_relaxed);
  slab.count.store(n + 1, std::memory_order_release);
}

// How many slots a worker takes from the slab at a time, and gives back when it has twice as many.
constexpr std::uint32_t portion = 32;

// The lock on the free list is held.
task *take_locked() noexcept {
  if (!slab.free)
    grow();
  task *t = slab.free;
  slab.free = t->next;
  return t;
}

task *take_slot() noexcept {
  worker *w = this_worker();
  if (w)
    if (task *t = w->free_tasks.pop())
      return t;
  std::lock_guard hold(slab.guards_free);
  for (std::uint32_t i = 1; w && i < portion; ++i)
    w->free_tasks.push(take_locked());
  return take_locked();
}

// The lock on the free list is held.
void give_locked(task *t) noexcept {
  t->next = slab.free;
  slab.free = t;
}

void give_slot(task *t) noexcept {
  worker *w = this_worker();
  if (!w) {
    std::lock_guard hold(slab.guards_free);
    give_locked(t);
    return;
  }
  w->free_tasks.push_front(t); // the next one finds it in the cache
  if (w->free_tasks.count < 2 * portion)
    return;
  std::lock_guard hold(slab.guards_free);
  for (std::uint32_t i = 0; i < portion; ++i)
    give_locked(w->free_tasks.pop());
}

} // namespace

std::uint64_t new_id() noexcept { return slab.last_id.fetch_add(1, std::memory_order_relaxed) + 1; }

task *new_task() noexcept {
  task *t = take_slot();
  happens_after(t); // its last user's writes to the closure, which user code made
  t->id = new_id();
  t->next = nullptr;
  return t;
}

void free_task(task *t) noexcept {
  if (t->heap_name)
    std::free(const_cast<char *>(t->name));
  t->heap_name = false;
  t->name = nullptr;
  t->is_main = t->is_background = false;
  t->tag = 0;
  t->report_mark.store(nullptr, std::memory_order_relaxed); // the state below publishes it
  t->held.clear();
  t->state.store(run_state::free, std::memory_order_release);
  happens_before(t);
  give_slot(t);
}

void for_each_task(void (*f)(task &, void *), void *arg) {
  const std::size_t n = slab.count.load(std::memory_order_acquire);
  for (std::size_t c = 0; c < n; ++c) {
    task *tasks = slab.chunks[c].load(std::memory_order_relaxed);
    for (std::size_t i = 0; i < chunk_tasks; ++i)
      if (tasks[i].state.load(std::memory_order_acquire) != run_state::free)
        f(tasks[i], arg);
  }
}

void for_each_task_mapping(void (*f)(char *, char *, void *), void *arg) {
  const std::size_t n = slab.count.load(std::memory_order_acquire);
  for (std::size_t c = 0; c < n; ++c) {
    auto *at = reinterpret_cast<char *>(slab.chunks[c].load(std::memory_order_relaxed));
    f(at, at + chunk_bytes, arg);
  }
}

void for_each_stopped_thread(void (*f)(thread_record &, void *), void *arg) {
  for (thread_record *t = threads.first; t; t = t->following)
    f(*t, arg);
}

void for_each_thread(void (*f)(thread_record &, void *), void *arg) {
  std::lock_guard hold(threads.guards_all);
  for_each_stopped_thread(f, arg);
}

void enter_thread(thread_record *t) noexcept {
  std::lock_guard hold(threads.guards_all);
  t->previous = nullptr;
  t->following = threads.first;
  if (threads.first)
    threads.first->previous = t;
  threads.first = t;
}

void leave_thread(thread_record *t) noexcept {
  std::lock_guard hold(threads.guards_all);
  (t->previous ? t->previous->following : threads.first) = t->following;
  if (t->following)
    t->following->previous = t->previous;
}

void lock_registry() noexcept {
  slab.guards_free.lock();
  threads.guards_all.lock();
}

void unlock_registry() noexcept {
  threads.guards_all.unlock();
  slab.guards_free.unlock();
}

void forget_registry(thread_record *survivor) noexcept {
  slab.free = nullptr; // slots of the parent's tasks are given up; a task that forked keeps its own
  slab.count.store(0, std::memory_order_release);
  if (worker *w = this_worker())
    w->free_tasks = {};
  threads.first = survivor;
  if (survivor)
    survivor->previous = survivor->following = nullptr;
}

} // namespace sluice::core
