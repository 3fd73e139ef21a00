// A short list of values a task, searched by key: a task has few.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/locals.hpp"

#include "core/park.hpp"

#include <sluice/task_local.hpp>

#include <atomic>
#include <utility>
#include <vector>

namespace sluice::core {

class locals {
public:
  struct entry {
    std::uint64_t key;
    void *value;
    void (*destroy)(void *);
  };
  std::vector<entry> entries;
};

std::uint64_t new_local_key() noexcept {
  static constinit std::atomic<std::uint64_t> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1; // only uniqueness matters
}

void *find_local(std::uint64_t key) noexcept {
  const locals *own = self()->own_locals;
  if (!own)
    return nullptr;
  for (const locals::entry &e : own->entries)
    if (e.key == key)
      return e.value;
  return nullptr;
}

void add_local(std::uint64_t key, void *value, void (*destroy)(void *)) {
  execution *who = self();
  if (!who->own_locals)
    who->own_locals = new locals;
  who->own_locals->entries.push_back({key, value, destroy});
}

void destroy_locals(execution &who) noexcept {
  while (locals *own = std::exchange(who.own_locals, nullptr)) {
    while (!own->entries.empty()) {
      const locals::entry e = own->entries.back();
      own->entries.pop_back();
      e.destroy(e.value);
    }
    delete own;
  }
}

} // namespace sluice::core
