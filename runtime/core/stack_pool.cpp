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
#include <mutex>
#include <new>
#include <sys/mman.h>
#include <unistd.h>

namespace sluice::core {
namespace {

constexpr std::size_t smallest_slot = std::size_t{1} << 14;
constexpr std::uint32_t classes = 20; // 16 KiB up to 8 GiB
constexpr std::size_t most_mapped_guards = 30000;
constexpr std::uint64_t canary = 0x51ce51ce0ddba11eULL;
constexpr int advice_guard_install = 102; // Linux 6.13; older headers lack the name

struct slab {
  char *from;
  char *to;
  stack *slots;
  slab *next;
};

struct size_class_pool {
  stack *free = nullptr;
  char *unused = nullptr; // the rest of the newest slab
  stack *unused_slots = nullptr;
  std::size_t unused_count = 0;
  std::size_t next_slab = 16; // slots; doubles
};

struct pool_state {
  spinlock guards_all_below; // held for list work and for mapping; never while user code runs
  size_class_pool pools[classes];
  slab *slabs = nullptr;
  std::size_t mapped_guards = 0;
  bool guard_advice_works = true;
  bool notice_given = false;
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
  mapping_scope hands_out_later;
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
  std::size_t count = std::max<std::size_t>(1, std::min(p.next_slab, most_bytes / slot));
  char *at = map_slots(count, slot);
  if (!at)
    fatal("out of memory for task stacks");
  auto *slots = new (std::nothrow) stack[count];
  auto *entry = new (std::nothrow) slab{at, at + count * slot, slots, pool.slabs};
  if (!slots || !entry)
    fatal("out of memory for task stacks");
  pool.slabs = entry;
  p.unused = at;
  p.unused_slots = slots;
  p.unused_count = count;
  p.next_slab *= 2;
}

stack *carve(std::uint32_t size_class) noexcept {
  size_class_pool &p = pool.pools[size_class];
  if (p.unused_count == 0)
    grow(size_class);
  stack *s = p.unused_slots++;
  s->bottom = p.unused;
  s->size_class = size_class;
  p.unused += slot_size(size_class);
  s->top = p.unused;
  --p.unused_count;
  return s;
}

bool install_guard(char *at) noexcept {
  if (options.guard == settings::guard_kind::never)
    return false;
  if (pool.guard_advice_works) {
    if (madvise(at, page_size(), advice_guard_install) == 0)
      return true;
    pool.guard_advice_works = false;
  }
  const bool may_map =
      options.guard == settings::guard_kind::always || pool.mapped_guards < most_mapped_guards;
  if (!may_map || mprotect(at, page_size(), PROT_NONE) != 0)
    return false;
  ++pool.mapped_guards;
  return true;
}

void notice_unguarded() noexcept {
  if (pool.notice_given || options.guard == settings::guard_kind::never)
    return;
  pool.notice_given = true;
  say("notice: more task stacks than this system can guard; the others are checked at each wait");
}

void set_canary(stack &s) noexcept {
  std::memcpy(s.bottom, &canary, sizeof canary);
  s.has_canary = true;
}

// Tops that share their low bits would share cache sets; shifting them makes deep pipelines faster.
void colour(stack &s) noexcept {
  const auto index = reinterpret_cast<std::uintptr_t>(s.bottom) / smallest_slot / 4;
  s.top -= (index % 16) * 128;
}

void prepare(stack &s) noexcept {
  s.guarded = install_guard(s.bottom);
  if (s.guarded) {
    s.bottom += page_size();
  } else if (options.guard == settings::guard_kind::always) {
    fatal("guard=always: this system cannot guard another task stack");
  } else {
    notice_unguarded();
    set_canary(s);
  }
  colour(s);
  note_stack(s.bottom, s.top);
  s.prepared = true;
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

stack *take_stack(std::size_t size) noexcept {
  const std::uint32_t size_class = class_of(size ? size : default_stack_size());
  if (size_class >= classes)
    fatal("stack_size is larger than 8 GiB");
  std::lock_guard hold(pool.guards_all_below);
  stack *&free = pool.pools[size_class].free;
  stack *s = free;
  if (s)
    free = s->next;
  else
    s = carve(size_class);
  if (!s->prepared)
    prepare(*s);
  return s;
}

void give_stack(stack *s) noexcept {
  std::lock_guard hold(pool.guards_all_below);
  stack *&free = pool.pools[s->size_class].free;
  s->next = free;
  free = s;
}

bool canary_whole(const stack &s) noexcept {
  return !s.has_canary || std::memcmp(s.bottom, &canary, sizeof canary) == 0;
}

void for_each_stack_mapping(void (*f)(char *, char *, void *), void *arg) {
  for (const slab *s = pool.slabs; s; s = s->next)
    f(s->from, s->to, arg);
}

void lock_stack_pool() noexcept { pool.guards_all_below.lock(); }
void unlock_stack_pool() noexcept { pool.guards_all_below.unlock(); }

stack *stack_cache::take(std::size_t size) noexcept {
  if (size != 0 || !first)
    return take_stack(size);
  stack *s = first;
  first = s->next;
  --count;
  return s;
}

void stack_cache::give(stack *s) noexcept {
  if (!has_default_size(*s) || count == most) {
    give_stack(s);
    return;
  }
  s->next = first;
  first = s;
  ++count;
}

} // namespace sluice::core
