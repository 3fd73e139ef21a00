// Slabs of stack slots, their guards, and the lists of those that are free.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/stack_pool.hpp"

#include "core/event.hpp"
#include "core/fatal.hpp"
#include "core/sanitizer.hpp"
#include "core/spinlock.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <mutex>
#include <new>
#include <sys/mman.h>
#include <unistd.h>

namespace sluice::core {
namespace {

constexpr std::size_t smallest_slot = std::size_t{1} << 14;
constexpr std::uint32_t classes = 20; // 16 KiB up to 8 GiB
constexpr std::size_t most_mapped_guards = 30000;
// Zero, as memory is that nobody has used, so it costs no page. As much as holds some word of a
// frame that is not zero, such as where to return to.
constexpr std::size_t canary_words = 128;
constexpr int advice_guard_install = 102; // Linux 6.13; older headers lack the name
constexpr std::size_t kept_when_idle = 256;

// What is known of a slot apart from its memory.
enum slot_mark : std::uint8_t {
  prepared = 1, // a task was made in it, and the guard is installed, if there is one
  guarded = 2,
  returning = 4, // its memory is about to be given back, or the task to be made again
  returned = 8,  // it was: the task in it has to be made again
};

} // namespace

struct stack_slab {
  char *from;
  char *to;
  std::uint32_t size_class;
  std::size_t count;
  std::atomic<std::uint8_t> *marks; // of slot_mark; read without the lock
  std::atomic<std::size_t> carved{0};
  std::size_t returned_count = 0;
  std::size_t first_returned = 0; // none lies before it
  bool forgotten = false;         // a child of fork has no part in its tasks
  stack_slab *next = nullptr;
};

namespace {

struct size_class_pool {
  task *free = nullptr;
  std::size_t free_count = 0;
  std::size_t least_free = 0; // since the last return_idle_stacks()
  std::size_t returned = 0;
  stack_slab *returned_in = nullptr; // the slab looked at last
  stack_slab *newest = nullptr;
  std::size_t next_slab = 16; // slots; doubles
};

struct pool_state {
  spinlock guards_all_below; // held for list work and for mapping, not while a task is made
  size_class_pool pools[classes];
  std::atomic<stack_slab *> slabs{nullptr}; // only ever grows at its head
  // Without the lock. Each says what to try, or to say; nothing else is read by what it says.
  std::atomic<std::size_t> mapped_guards{0};
  std::atomic<bool> guard_advice_works{true};
  std::atomic<bool> notice_given{false};
};
constinit pool_state pool;

std::uint32_t class_of(std::size_t size) noexcept {
  const std::size_t slot = std::max(std::bit_ceil(size), smallest_slot);
  return static_cast<std::uint32_t>(std::countr_zero(slot) - std::countr_zero(smallest_slot));
}

std::size_t slot_size(std::uint32_t size_class) noexcept { return smallest_slot << size_class; }

std::size_t page_size() noexcept {
  static const std::size_t size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return size;
}

char *map_slots(std::size_t &count, std::size_t slot) noexcept {
  unseen_scope hands_out_later;
  for (; count > 0; count /= 2) {
    void *at = mmap(nullptr, count * slot, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at != MAP_FAILED)
      return static_cast<char *>(at);
  }
  return nullptr;
}

void grow(std::uint32_t size_class) noexcept {
  size_class_pool &p = pool.pools[size_class];
  const std::size_t slot = slot_size(size_class);
  constexpr std::size_t most_bytes = std::size_t{1} << 28;
  const std::size_t most = std::max<std::size_t>(1, most_bytes / slot);
  std::size_t count = std::min(p.next_slab, most);
  char *at = map_slots(count, slot);
  if (!at)
    fatal("out of memory for task stacks");
  auto *marks = new (std::nothrow) std::atomic<std::uint8_t>[count]();
  auto *entry = new (std::nothrow) stack_slab{at, at + count * slot, size_class, count, marks};
  if (!marks || !entry)
    fatal("out of memory for task stacks");
  entry->next = pool.slabs.load(std::memory_order_relaxed);
  pool.slabs.store(entry, std::memory_order_release);
  p.newest = entry;
  p.next_slab = std::min(p.next_slab * 2, most);
}

// Tops that share their low bits would share cache sets; shifting them makes deep pipelines faster.
char *task_place(const stack_slab &s, std::size_t i) noexcept {
  const std::size_t slot = slot_size(s.size_class);
  char *end = s.from + (i + 1) * slot;
  const auto colour = reinterpret_cast<std::uintptr_t>(end) / slot % 16;
  static_assert(sizeof(task) % 64 == 0);
  return end - colour * 128 - sizeof(task);
}

bool install_guard(char *at) noexcept {
  if (options.guard == settings::guard_kind::never)
    return false;
  if (pool.guard_advice_works.load(std::memory_order_relaxed) && options.guard_advice) {
    if (madvise(at, page_size(), advice_guard_install) == 0)
      return true;
    pool.guard_advice_works.store(false, std::memory_order_relaxed);
  }
  const bool may_map = options.guard == settings::guard_kind::always ||
                       pool.mapped_guards.load(std::memory_order_relaxed) < most_mapped_guards;
  if (!may_map || mprotect(at, page_size(), PROT_NONE) != 0)
    return false;
  pool.mapped_guards.fetch_add(1, std::memory_order_relaxed);
  return true;
}

void notice_unguarded() noexcept {
  if (options.guard == settings::guard_kind::never ||
      pool.notice_given.exchange(true, std::memory_order_relaxed))
    return;
  say("notice: more task stacks than this system can guard; the others are checked at each wait");
}

std::uint8_t guard(char *bottom) noexcept {
  if (install_guard(bottom))
    return prepared | guarded;
  if (options.guard == settings::guard_kind::always)
    fatal("guard=always: this system cannot guard another task stack");
  notice_unguarded();
  return prepared;
}

struct slot {
  stack_slab *in = nullptr;
  std::size_t at = 0;
};

// The slot is the caller's. Without the lock, as the system gives it memory here, which takes long.
task *make_task(slot where) noexcept {
  auto &[in, at] = where;
  char *bottom = in->from + at * slot_size(in->size_class);
  std::uint8_t mark = in->marks[at].load(std::memory_order_relaxed); // nobody else writes it now
  if (!(mark & prepared)) {
    mark = guard(bottom);
    note_stack(bottom, task_place(*in, at));
  }
  mark &= prepared | guarded;
  task *t = new (task_place(*in, at)) task;
  t->is_task = true;
  t->stack.guarded = mark & guarded;
  t->stack.bottom = bottom + (t->stack.guarded ? page_size() : 0);
  t->stack.top = reinterpret_cast<char *>(t);
  t->stack.home = in;
  t->stack.size_class = in->size_class;
  t->stack.has_canary = !t->stack.guarded;
  in->marks[at].store(mark, std::memory_order_release);
  return t;
}

void change_mark(stack_slab &s, std::size_t i, std::uint8_t off, std::uint8_t on) noexcept {
  const std::uint8_t mark = s.marks[i].load(std::memory_order_relaxed); // nobody else writes it now
  s.marks[i].store(static_cast<std::uint8_t>((mark & ~off) | on), std::memory_order_release);
}

// The lock is held; some slot of the class was returned.
slot take_returned(std::uint32_t size_class) noexcept {
  size_class_pool &p = pool.pools[size_class];
  if (!p.returned_in || p.returned_in->returned_count == 0) {
    stack_slab *s = pool.slabs.load(std::memory_order_relaxed);
    while (s->size_class != size_class || s->returned_count == 0 || s->forgotten)
      s = s->next;
    p.returned_in = s;
  }
  stack_slab &s = *p.returned_in;
  std::size_t i = s.first_returned;
  while (!(s.marks[i].load(std::memory_order_relaxed) & returned)) // set under the lock
    ++i;
  s.first_returned = i + 1;
  --s.returned_count;
  --p.returned;
  change_mark(s, i, returned, returning);
  return {&s, i};
}

// The lock is held. A slot to make a task in.
slot carve(std::uint32_t size_class) noexcept {
  size_class_pool &p = pool.pools[size_class];
  if (p.returned > 0)
    return take_returned(size_class);
  if (!p.newest || p.newest->carved.load(std::memory_order_relaxed) == p.newest->count)
    grow(size_class);
  const std::size_t i = p.newest->carved.load(std::memory_order_relaxed); // written under the lock
  p.newest->carved.store(i + 1, std::memory_order_release);
  return {p.newest, i};
}

// The lock is held. Null: none is free.
task *take_locked(std::uint32_t size_class) noexcept {
  size_class_pool &p = pool.pools[size_class];
  task *t = p.free;
  if (!t)
    return nullptr;
  p.free = static_cast<task *>(t->next);
  p.least_free = std::min(p.least_free, --p.free_count);
  return t;
}

// The lock is held.
void give_locked(task *t) noexcept {
  size_class_pool &p = pool.pools[t->stack.size_class];
  t->next = p.free;
  p.free = t;
  ++p.free_count;
}

std::size_t slot_of(const task &t) noexcept {
  const stack_slab &s = *t.stack.home;
  return static_cast<std::size_t>(reinterpret_cast<const char *>(&t) - s.from) /
         slot_size(s.size_class);
}

// How many stacks are taken out and given back at a time.
constexpr std::size_t return_portion = 512;

// Takes stacks out of the list that nobody has needed, or any; how many.
std::size_t take_unneeded(size_class_pool &p, bool all, task **out) noexcept {
  std::lock_guard hold(pool.guards_all_below);
  const std::size_t unneeded = all ? p.free_count : p.least_free;
  const std::size_t n = std::min(unneeded - std::min(unneeded, kept_when_idle), return_portion);
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = p.free;
    p.free = static_cast<task *>(p.free->next);
    change_mark(*out[i]->stack.home, slot_of(*out[i]), 0, returning);
  }
  p.free_count -= n;
  p.least_free = n == 0 ? p.free_count : p.least_free - std::min(p.least_free, n);
  return n;
}

// Neighbours, whose guards stay.
void return_run(stack_slab &s, std::size_t from, std::size_t count) noexcept {
  const std::size_t slot = slot_size(s.size_class);
  madvise(s.from + from * slot, count * slot, MADV_DONTNEED);
  std::lock_guard hold(pool.guards_all_below);
  for (std::size_t i = from; i < from + count; ++i)
    change_mark(s, i, returning, returned);
  s.returned_count += count;
  s.first_returned = std::min(s.first_returned, from);
  pool.pools[s.size_class].returned += count;
}

void return_memory(task **tasks, std::size_t n) noexcept {
  std::sort(tasks, tasks + n, std::less<>());
  for (std::size_t i = 0; i < n;) {
    stack_slab &s = *tasks[i]->stack.home; // not to be asked once its memory is gone
    const std::size_t first = slot_of(*tasks[i]);
    std::size_t count = 1;
    while (i + count < n && tasks[i + count]->stack.home == &s &&
           slot_of(*tasks[i + count]) == first + count)
      ++count;
    return_run(s, first, count);
    i += count;
  }
}

} // namespace

std::size_t default_stack_size() noexcept {
#if defined(SLUICE_ASAN) || defined(SLUICE_TSAN)
  constexpr std::size_t usual = std::size_t{1} << 18; // instrumented frames are larger
#else
  constexpr std::size_t usual = std::size_t{1} << 16;
#endif
  return options.stack_size ? options.stack_size : usual;
}

bool has_default_size(const stack &s) noexcept {
  static const std::uint32_t usual = class_of(default_stack_size());
  return s.size_class == usual;
}

task *take_task(std::size_t size) noexcept {
  const std::uint32_t size_class = class_of(size ? size : default_stack_size());
  if (size_class >= classes)
    fatal("stack_size is larger than 8 GiB");
  slot place;
  {
    std::lock_guard hold(pool.guards_all_below);
    if (task *t = take_locked(size_class))
      return t;
    place = carve(size_class);
  }
  return make_task(place);
}

void give_task(task *t) noexcept {
  std::lock_guard hold(pool.guards_all_below);
  give_locked(t);
}

void task_cache::refill() noexcept {
  static const std::uint32_t usual = class_of(default_stack_size());
  slot place;
  {
    std::lock_guard hold(pool.guards_all_below);
    while (count < portion) {
      task *t = take_locked(usual);
      if (!t)
        break;
      t->next = first;
      first = t;
      ++count;
    }
    if (first)
      return;
    place = carve(usual);
  }
  // One that was never used costs a page, so there are no more of those than needed.
  first = make_task(place);
  first->next = nullptr;
  count = 1;
}

void task_cache::shed() noexcept {
  std::lock_guard hold(pool.guards_all_below);
  for (; count > portion; --count) {
    task *t = first;
    first = static_cast<task *>(t->next);
    give_locked(t);
  }
}

[[gnu::no_sanitize_address]] bool canary_whole(const stack &s) noexcept {
  if (!s.has_canary)
    return true;
  const auto *words = reinterpret_cast<const volatile std::uint64_t *>(s.bottom);
  std::uint64_t any = 0;
  for (std::size_t i = 0; i < canary_words; ++i)
    any |= words[i];
  return any == 0;
}

void for_each_task(void (*f)(task &, void *), void *arg) {
  constexpr std::size_t ahead = 6;
  for (stack_slab *s = pool.slabs.load(std::memory_order_acquire); s; s = s->next) {
    const std::size_t n = s->forgotten ? 0 : s->carved.load(std::memory_order_acquire);
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint8_t mark = s->marks[i].load(std::memory_order_acquire);
      if ((mark & (prepared | returning | returned)) != prepared)
        continue;
      auto *t = reinterpret_cast<task *>(task_place(*s, i));
      // Each lies on a page of its own; the address of those to come is known.
      const char *soon = i + ahead < n ? task_place(*s, i + ahead) : nullptr;
      for (std::size_t line = 0; soon && line < sizeof(task); line += 64)
        __builtin_prefetch(soon + line);
      if (t->state.load(std::memory_order_acquire) != run_state::free)
        f(*t, arg);
    }
  }
}

std::size_t returnable_stacks() noexcept {
  std::lock_guard hold(pool.guards_all_below);
  std::size_t n = 0;
  for (const size_class_pool &p : pool.pools)
    n += p.free_count - std::min(p.free_count, kept_when_idle);
  return n;
}

bool return_idle_stacks(bool all) noexcept {
#ifdef SLUICE_TSAN
  return false; // its fibers stay with the memory
#endif
  task *tasks[return_portion];
  bool any = false;
  for (size_class_pool &p : pool.pools)
    if (const std::size_t n = take_unneeded(p, all, tasks)) {
      return_memory(tasks, n);
      any = true;
    }
  return any;
}

void for_each_stack_mapping(void (*f)(char *, char *, std::size_t, void *), void *arg) {
  for (const stack_slab *s = pool.slabs.load(std::memory_order_acquire); s; s = s->next)
    f(s->from, s->to, slot_size(s->size_class), arg);
}

void lock_stack_pool() noexcept { pool.guards_all_below.lock(); }
void unlock_stack_pool() noexcept { pool.guards_all_below.unlock(); }

void forget_tasks() noexcept {
  for (stack_slab *s = pool.slabs.load(std::memory_order_relaxed); s; s = s->next)
    s->forgotten = true;
  for (size_class_pool &p : pool.pools)
    p = {};
}

} // namespace sluice::core
