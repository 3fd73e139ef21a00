// Which heap blocks and parked stacks a set of roots can reach.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "memory/reach.hpp"

#include <algorithm>
#include <bit>

// The words of other threads' memory are read as they are, past all types and red zones.
#define SLUICE_RAW_READ __attribute__((no_sanitize("address", "thread")))

namespace sluice::memory {

void reach::add_slab(range memory, std::size_t slot) noexcept {
  complete_ =
      slabs_.push_back({memory, static_cast<unsigned>(std::countr_zero(slot)), 0}) && complete_;
  slab_span_ = {std::min(slab_span_.begin, memory.begin), std::max(slab_span_.end, memory.end)};
  // Room for its slots; which come first is decided now, so that stacks can be added one by one.
  std::sort(slabs_.begin(), slabs_.end(),
            [](const slab &a, const slab &b) { return a.memory.begin < b.memory.begin; });
}

const reach::node *reach::stack_at(std::uintptr_t p) const noexcept {
  const slab *s =
      std::upper_bound(slabs_.begin(), slabs_.end(), p,
                       [](std::uintptr_t v, const slab &s) { return v < s.memory.end; });
  if (s == slabs_.end() || p < s->memory.begin || stacks_.empty())
    return nullptr;
  return &stacks_[s->first + ((p - s->memory.begin) >> s->slot_bits)];
}

std::uint32_t reach::tag_of(std::uintptr_t p) const noexcept {
  const node *n = stack_at(p);
  return n ? n->tag : 0;
}

void reach::add_stack(range used, std::uint32_t tag) noexcept {
  if (stacks_.empty()) {
    std::size_t slots = 0;
    for (slab &s : slabs_) {
      s.first = slots;
      slots += (s.memory.end - s.memory.begin) >> s.slot_bits;
    }
    complete_ = stacks_.assign_zeros(slots) && complete_;
  }
  if (node *n = complete_ ? stack_at(used.begin) : nullptr)
    *n = {used, false, false, tag};
}

void reach::add_frame(range memory) noexcept {
  complete_ = frames_.push_back({memory}) && complete_;
}

void reach::seal(const process_map &mappings) noexcept {
  std::sort(frames_.begin(), frames_.end(),
            [](const node &a, const node &b) { return a.memory.begin < b.memory.begin; });
  for (const mapping &m : mappings)
    if (!m.readable)
      complete_ = unreadable_.push_back(m.memory) && complete_;
  complete_ = blocks_.build(mappings) && complete_;
  const range blocks = blocks_.span();
  node_span_ = {std::min(blocks.begin, slab_span_.begin), std::max(blocks.end, slab_span_.end)};
  for (const node &n : frames_)
    node_span_ = {std::min(node_span_.begin, n.memory.begin),
                  std::max(node_span_.end, n.memory.end + 1)};
}

const reach::node *reach::frame_at(std::uintptr_t p) const noexcept {
  const node *after =
      std::upper_bound(frames_.begin(), frames_.end(), p,
                       [](std::uintptr_t v, const node &n) { return v < n.memory.begin; });
  if (after == frames_.begin())
    return nullptr;
  const node *n = after - 1;
  return p <= n->memory.end ? n : nullptr;
}

void reach::reach_node(node &n) noexcept {
  if (n.reached)
    return;
  n.reached = true;
  push(n.memory);
  if (n.watched)
    complete_ = announced_.push_back(n.memory) && complete_;
}

bool reach::is_disregarded(std::uintptr_t at) const noexcept {
  return std::binary_search(disregarded_.begin(), disregarded_.end(), at);
}

// The end of a stack is no part of it: pointers to it are only in the pool's books.
void reach::visit_stack(node &n, std::uintptr_t p, std::uintptr_t at) noexcept {
  if (n.memory.contains(p) && !is_disregarded(at))
    reach_node(n);
}

inline void reach::visit(std::uintptr_t p, std::uintptr_t at) noexcept {
  if (slab_span_.contains(p))
    if (node *n = stack_at(p))
      return visit_stack(*n, p, at);
  if (const std::uintptr_t start = blocks_.find(p)) {
    if (blocks_.mark(start))
      reach_block(start);
    return;
  }
  if (!frames_.empty())
    if (node *n = frame_at(p); n && !is_disregarded(at))
      reach_node(*n);
}

void reach::reach_block(std::uintptr_t start) noexcept {
  push({start, 0});
  if (blocks_.is_watched(start))
    complete_ = announced_.push_back({start, start + block_size(start) + 1}) && complete_;
}

/// What is known of its block is fetched, and looked at once others have been fetched after it.
inline void reach::consider(std::uintptr_t p, std::uintptr_t at) noexcept {
  if (candidate_count_ == words_ahead)
    visit_oldest();
  blocks_.prefetch(p);
  candidates_[(first_candidate_ + candidate_count_++) % words_ahead] = {p, at};
}

void reach::visit_oldest() noexcept {
  const candidate c = candidates_[first_candidate_];
  first_candidate_ = (first_candidate_ + 1) % words_ahead;
  --candidate_count_;
  visit(c.p, c.at);
}

SLUICE_RAW_READ void reach::scan(range memory) noexcept {
  constexpr std::uintptr_t word = sizeof(std::uintptr_t);
  // Outside nothing of interest lies: numbers, text and code are passed over at once.
  const std::uintptr_t low = node_span_.begin, wide = node_span_.end - low;
  const std::uintptr_t end = memory.end & ~(word - 1);
  scanned_ += memory.end - memory.begin;
  for (std::uintptr_t at = (memory.begin + word - 1) & ~(word - 1); at < end; at += word) {
    const std::uintptr_t p = *reinterpret_cast<const volatile std::uintptr_t *>(at);
    if (p - low < wide && !memory.contains(p)) [[unlikely]]
      consider(p, at);
  }
}

/// Parts of a block may have been made unreadable, as guards of stacks are that lie in blocks.
void reach::follow_large(range memory) noexcept {
  range_list parts;
  subtract(memory, unreadable_, parts);
  for (const range &part : parts)
    scan(part);
}

void reach::follow(range memory) noexcept {
  constexpr std::uintptr_t page = 4096;
  if (memory.end == 0)
    memory.end = memory.begin + block_size(memory.begin);
  if (memory.end - memory.begin >= page)
    follow_large(memory);
  else
    scan(memory);
}

/// What comes off the pile is fetched into the cache first, and looked at when others have been
/// fetched after it.
void reach::drain() noexcept {
  range on_their_way[ahead];
  std::size_t first = 0, count = 0;
  while (count > 0 || !work_.empty() || candidate_count_ > 0) {
    while (count < ahead && !work_.empty()) {
      const range next = work_.pop_back();
      const auto at = reinterpret_cast<const char *>(next.begin);
      __builtin_prefetch(at);
      __builtin_prefetch(at + 64);
      on_their_way[(first + count++) % ahead] = next;
    }
    if (count == 0) {
      visit_oldest();
      continue;
    }
    const range now = on_their_way[first];
    first = (first + 1) % ahead;
    --count;
    follow(now);
  }
}

void reach::mark_stack(range used) noexcept {
  node *n = stack_at(used.begin);
  if (!n && !frames_.empty())
    n = frame_at(used.begin);
  if (n && n->memory.end)
    reach_node(*n);
  else
    push(used);
}

range reach::unreached(std::uintptr_t p) const noexcept {
  if (const std::uintptr_t start = blocks_.find(p))
    return blocks_.is_marked(start) ? range{} : range{start, start + block_size(start)};
  const node *n = stack_at(p);
  if (n && !n->memory.contains(p))
    return {};
  if (!n && !frames_.empty())
    n = frame_at(p);
  return n && !n->reached ? n->memory : range{};
}

void reach::pass_over(std::uintptr_t p) noexcept {
  if (const std::uintptr_t start = blocks_.find(p))
    blocks_.mark(start);
}

void reach::mark_pointer(std::uintptr_t p) noexcept { visit(p, 0); }

void reach::disregard(std::uintptr_t at) noexcept {
  if (disregarded_.empty() || *(disregarded_.end() - 1) != at)
    complete_ = disregarded_.push_back(at) && complete_;
}

bool reach::watch(std::uintptr_t p) noexcept {
  if (const std::uintptr_t start = blocks_.find(p)) {
    blocks_.watch(start);
    return true;
  }
  node *n = stack_at(p);
  if (!n || !n->memory.contains(p))
    n = frames_.empty() ? nullptr : frame_at(p);
  if (!n)
    return false;
  n->watched = true;
  return true;
}

bool reach::next_reached(range &node) noexcept {
  if (announced_.empty())
    return false;
  node = announced_.pop_back();
  return true;
}

void reach::for_each_region(void (*f)(void *, range), void *arg) const noexcept {
  for (range r : {slabs_.pages(), stacks_.pages(), frames_.pages(), disregarded_.pages(),
                  unreadable_.pages(), work_.pages(), announced_.pages()})
    f(arg, r);
  blocks_.for_each_region(f, arg);
}

} // namespace sluice::memory
