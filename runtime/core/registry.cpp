// The slab of seeds grows and keeps its addresses, so that reading it needs no lock.
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

constexpr std::size_t chunk_seeds = 512;
constexpr std::size_t chunk_bytes = chunk_seeds * sizeof(seed);
constexpr std::size_t most_chunks = std::size_t{1} << 16;

struct seed_slab {
  spinlock guards_free;
  runnable_list free;
  std::atomic<seed *> chunks[most_chunks];
  std::atomic<std::size_t> count{0}; // published after the chunk it counts
  std::size_t mapped = 0;            // chunks; those past `count` are empty
  std::size_t first = 0;             // a child of fork has no part in those before
  std::atomic<std::uint64_t> last_id{0};
};
constinit seed_slab seeds;

struct thread_list {
  spinlock guards_all;
  thread_record *first = nullptr;
};
constinit thread_list threads;

seed *map_chunk() noexcept {
  unseen_scope hands_out_later;
  void *at = mmap(nullptr, chunk_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return at == MAP_FAILED ? nullptr : static_cast<seed *>(at);
}

// The lock on the free list is held.
void grow() noexcept {
  const std::size_t n = seeds.count.load(std::memory_order_relaxed); // written under the lock
  if (n == seeds.mapped) {
    seed *at = n == most_chunks ? nullptr : map_chunk();
    if (!at)
      fatal("out of memory for tasks");
    seeds.chunks[n].store(at, std::memory_order_relaxed); // published by the count
    ++seeds.mapped;
  }
  seed *chunk = seeds.chunks[n].load(std::memory_order_relaxed); // as above
  for (std::size_t i = 0; i < chunk_seeds; ++i)
    seeds.free.push(new (chunk + i) seed);
  seeds.count.store(n + 1, std::memory_order_release);
}

// How many seeds a worker takes from the slab at a time, and gives back when it has twice as many.
constexpr std::uint32_t portion = 32;

// The lock on the free list is held.
runnable *take_locked() noexcept {
  if (!seeds.free.first)
    grow();
  return seeds.free.pop();
}

[[gnu::noinline]] seed *take_from_slab(worker *w) noexcept {
  std::lock_guard hold(seeds.guards_free);
  for (std::uint32_t i = 1; w && i < portion; ++i)
    w->free_seeds.push(take_locked());
  return static_cast<seed *>(take_locked());
}

void clear(seed &s) noexcept {
  s.name.clear();
  s.is_main = s.is_background = false;
  s.stack_size = 0;
  s.function.type = nullptr;
  s.in_use.store(false, std::memory_order_release);
  happens_before(&s);
}

} // namespace

std::uint64_t new_id() noexcept {
  return seeds.last_id.fetch_add(1, std::memory_order_relaxed) + 1;
}

// In blocks, since all workers would contend for one counter.
std::uint64_t new_id(worker &w) noexcept {
  constexpr std::uint64_t block = 64;
  if (w.next_id == w.last_id) {
    w.next_id = seeds.last_id.fetch_add(block, std::memory_order_relaxed);
    w.last_id = w.next_id + block;
  }
  return ++w.next_id;
}

seed *new_seed(const execution &starter) noexcept {
  worker *w = starter.is_task ? starter.runs_on : nullptr;
  seed *s = w ? static_cast<seed *>(w->free_seeds.pop()) : nullptr;
  if (!s)
    s = take_from_slab(w);
  else
    __builtin_prefetch(w->free_seeds.first);
  happens_after(s); // its last user's writes to the closure, which user code made
  s->id = w ? new_id(*w) : new_id();
  return s;
}

void free_seed(seed *s) noexcept {
  clear(*s);
  std::lock_guard hold(seeds.guards_free);
  seeds.free.push(s);
}

void free_seed(worker &w, seed *s) noexcept {
  clear(*s);
  w.free_seeds.push_front(s); // the next one finds it in the cache
  if (w.free_seeds.count < 2 * portion) [[likely]]
    return;
  std::lock_guard hold(seeds.guards_free);
  for (std::uint32_t i = 0; i < portion; ++i)
    seeds.free.push(w.free_seeds.pop());
}

void for_each_seed(void (*f)(seed &, void *), void *arg) {
  const std::size_t n = seeds.count.load(std::memory_order_acquire);
  for (std::size_t c = seeds.first; c < n; ++c) {
    seed *chunk = seeds.chunks[c].load(std::memory_order_relaxed); // published by the count
    for (std::size_t i = 0; i < chunk_seeds; ++i)
      if (chunk[i].in_use.load(std::memory_order_acquire))
        f(chunk[i], arg);
  }
}

std::size_t returnable_seeds() noexcept {
  constexpr std::uint32_t few = 8 * chunk_seeds;
  std::lock_guard hold(seeds.guards_free);
  return seeds.free.count > few ? seeds.free.count : 0;
}

void return_idle_seeds(worker *workers, unsigned count) noexcept {
  std::lock_guard hold(seeds.guards_free);
  const std::size_t chunks = seeds.count.load(std::memory_order_relaxed); // written under the lock
  std::size_t unused = seeds.free.count;
  for (unsigned i = 0; i < count; ++i)
    unused += workers[i].free_seeds.count;
  if (chunks == seeds.first || unused != (chunks - seeds.first) * chunk_seeds)
    return; // one at least is in use
  for (std::size_t c = seeds.first; c < chunks; ++c)
    madvise(seeds.chunks[c].load(std::memory_order_relaxed), chunk_bytes,
            MADV_DONTNEED); // as above
  for (unsigned i = 0; i < count; ++i)
    workers[i].free_seeds = {};
  seeds.free = {};
  seeds.count.store(seeds.first, std::memory_order_release); // grow() makes them again
}

void for_each_seed_mapping(void (*f)(char *, char *, void *), void *arg) {
  for (std::size_t c = 0; c < seeds.mapped; ++c) {
    auto *at = reinterpret_cast<char *>(seeds.chunks[c].load(std::memory_order_relaxed));
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
  seeds.guards_free.lock();
  threads.guards_all.lock();
}

void unlock_registry() noexcept {
  threads.guards_all.unlock();
  seeds.guards_free.unlock();
}

void forget_registry(thread_record *survivor) noexcept {
  seeds.free = {}; // the seeds of the parent's tasks are given up
  seeds.first = seeds.mapped;
  seeds.count.store(seeds.mapped, std::memory_order_release);
  if (worker *w = this_worker())
    w->free_seeds = {};
  threads.first = survivor;
  if (survivor)
    survivor->previous = survivor->following = nullptr;
}

} // namespace sluice::core
