// Which heap blocks and parked stacks a set of roots can reach.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "memory/reach.hpp"

#include <algorithm>

// The words of other threads' memory are read as they are, past all types and red zones.
#define SLUICE_RAW_READ __attribute__((no_sanitize("address", "thread")))

namespace sluice::memory {

void reach::add_heap() noexcept {
  for_each_block(
      {16, UINTPTR_MAX},
      [](void *self, range block) { static_cast<reach *>(self)->add_node(block, 0); }, this);
}

void reach::add_node(range memory, std::uint64_t tag) noexcept {
  complete_ = nodes_.push_back({memory, tag, false}) && complete_;
}

void reach::seal() noexcept {
  std::sort(nodes_.begin(), nodes_.end(),
            [](const node &a, const node &b) { return a.memory.begin < b.memory.begin; });
}

node *reach::find(std::uintptr_t p) noexcept {
  node *after =
      std::upper_bound(nodes_.begin(), nodes_.end(), p,
                       [](std::uintptr_t v, const node &n) { return v < n.memory.begin; });
  if (after == nodes_.begin())
    return nullptr;
  node *n = after - 1;
  // An end pointer keeps a block, as C++ allows one; that of a stack is only in the pool's books.
  bool at_end = n->tag == 0 && p == n->memory.end;
  return p < n->memory.end || at_end ? n : nullptr;
}

void reach::mark_pointer(std::uintptr_t p) noexcept {
  node *n = find(p);
  if (!n || n->reached)
    return;
  n->reached = true;
  complete_ = work_.push_back(static_cast<std::size_t>(n - nodes_.begin())) && complete_;
  drain();
}

SLUICE_RAW_READ void reach::scan(range memory) noexcept {
  if (nodes_.empty())
    return;
  constexpr std::uintptr_t word = sizeof(std::uintptr_t);
  std::uintptr_t low = nodes_.begin()->memory.begin, high = (nodes_.end() - 1)->memory.end;
  for (std::uintptr_t at = (memory.begin + word - 1) & ~(word - 1); at + word <= memory.end;
       at += word) {
    std::uintptr_t p = *reinterpret_cast<const volatile std::uintptr_t *>(at);
    if (p < low || p > high)
      continue;
    node *n = find(p);
    if (!n || n->reached)
      continue;
    n->reached = true;
    complete_ = work_.push_back(static_cast<std::size_t>(n - nodes_.begin())) && complete_;
  }
}

void reach::drain() noexcept {
  while (!work_.empty())
    scan(nodes_[work_.pop_back()].memory);
}

void reach::mark(range root) noexcept {
  scan(root);
  drain();
}

} // namespace sluice::memory
