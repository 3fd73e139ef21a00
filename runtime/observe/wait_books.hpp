// Who waits for what, and who holds it: taken down once, while the world stands still.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "memory/world.hpp"
#include "observe/members.hpp"

#include <algorithm>

namespace sluice::observe {

/// One who waits in a primitive, and what has become of it. Whether a task or a thread, it can go
/// on once somebody reaches what it waits for.
struct parked {
  core::execution *who = nullptr;
  bool live = false;
  const memory::stopped_thread *stopped = nullptr; // of a thread
  range frames;                                    // the part of its stack that is in use
  range locals, stack;                             // of a thread; the stack with all it has
};

/// A lock, and one who holds it.
struct holding {
  const core::primitive *lock;
  const core::execution *owner;
};

/// One of the things that somebody waits for.
struct wait {
  std::uintptr_t on;
  std::uint32_t who;     // its number
  bool by_owner = false; // a lock that somebody holds: only they can open it
};

/// The lists. First all is added, then they are sealed; nothing here allocates from the heap.
class wait_books {
public:
  /// Adds one who waits, whose number is the count of those before it.
  void add(const parked &p) noexcept;
  void add_holdings(const core::execution &e) noexcept;
  /// Puts the lists in order.
  void seal() noexcept;

  parked &operator[](std::uint32_t number) noexcept { return all_[number]; }
  const parked &operator[](std::uint32_t number) const noexcept { return all_[number]; }
  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(all_.size()); }
  /// All waits, in the order of what is waited for.
  memory::mapped_vector<wait> &waits() noexcept { return waits_; }
  /// Calls `f` with each wait for something that lies in `primitives`.
  template <class F> void for_each_wait_in(range primitives, F f) noexcept {
    wait *w = std::lower_bound(waits_.begin(), waits_.end(), primitives.begin,
                               [](const wait &a, std::uintptr_t p) { return a.on < p; });
    for (; w != waits_.end() && w->on < primitives.end; ++w)
      f(*w);
  }
  /// Calls `f` with each who holds `lock`.
  template <class F> void for_each_owner(const core::primitive &lock, F f) const noexcept {
    const holding *h =
        std::lower_bound(holdings_.begin(), holdings_.end(), &lock,
                         [](const holding &a, const core::primitive *p) { return a.lock < p; });
    for (; h != holdings_.end() && h->lock == &lock; ++h)
      if (still_holds(*h->owner, lock))
        f(*h->owner);
  }

  /// Whether the kernel gave all the memory that was needed.
  bool complete() const noexcept { return complete_; }
  /// The memory of the lists themselves.
  template <class F> void for_each_region(F f) const noexcept {
    for (range r : {all_.pages(), waits_.pages(), holdings_.pages()})
      f(r);
  }

private:
  memory::mapped_vector<parked> all_;
  memory::mapped_vector<wait> waits_;
  memory::mapped_vector<holding> holdings_; // in order of the locks
  bool complete_ = true;
};

} // namespace sluice::observe
