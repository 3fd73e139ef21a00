// Who waits for what, copied out of the registry while the world stands still.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/event.hpp"
#include "core/registry.hpp"
#include "memory/mapped_vector.hpp"

namespace sluice::observe {

/// A name, cut off where it is long.
struct short_text {
  char text[48] = {};
  void assign(const char *from) noexcept;
  void assign_task(const char *given, std::uint64_t id) noexcept;
};

/// What was known of a primitive.
struct seen_primitive {
  bool present = false;
  const core::primitive *address = nullptr;
  core::primitive_kind kind = core::primitive_kind::chan;
  short_text name;
  std::source_location made_at;
  const char *element = nullptr; // of a channel: what the compiler calls it; static storage
  std::size_t capacity = 0;      // of a channel
};

/// A lock that was held.
struct seen_lock {
  const core::primitive *address = nullptr;
  seen_primitive lock;
  bool shared = false;
  std::source_location taken_at;
  const void *taken_from = nullptr; // the code after that call
};

/// What the judge says of somebody who has not finished.
enum class verdict : std::uint8_t {
  able,   // runs, is ready, sleeps, or waits with a time-out
  maybe,  // blocked on something that can still be reached
  leaked, // blocked, and nothing that can still run reaches what it waits for
};

/// Whether only somebody else can end its wait. A call of blocking() ends by itself.
inline bool waits(const core::execution &e) noexcept {
  return e.state.load(std::memory_order_acquire) == core::run_state::blocked && !e.has_deadline &&
         e.reason != core::wait_reason::sleep && e.reason != core::wait_reason::running;
}

/// Whether who waits so is let in by who holds the primitive, and by nobody else.
constexpr bool follows_owner(core::wait_reason r) noexcept {
  return r == core::wait_reason::lock || r == core::wait_reason::rlock ||
         r == core::wait_reason::once;
}

/// Whether `e`, which waits, is a thread in run().
inline bool waits_for_main(const core::execution &e) noexcept {
  return !e.is_task && e.reason == core::wait_reason::join && !e.on;
}

/// Whether `e`, in whose list `lock` stands, has it still: somebody else may have given it back,
/// which is misuse. The lock must still be there.
bool still_holds(const core::execution &e, const core::primitive &lock) noexcept;

/// One task or thread. A plain value: it may be made while nothing may be allocated.
struct seen_task {
  const core::execution *who = nullptr;
  verdict judged = verdict::able;
  std::uint32_t cycle = 0; // of those who wait for each other; 0: none was sought or found
  bool in_run = false;     // a thread that waits for its main task
  bool is_task = false, is_main = false, is_background = false, sleeps = false;
  bool blocked = false;
  bool waits_for_context = false; // a context's end is among what it waits for
  core::wait_reason reason = core::wait_reason::running;
  const core::primitive *on_address = nullptr;
  seen_primitive on;
  std::source_location where, started_at;
  std::uint64_t id = 0, parent = 0, tag = 0;
  std::uint32_t since = 0, waited_ms = 0;
  short_text name, starter; // who started it, as a report says it; empty where that is not known
  static constexpr unsigned most_held = 4;
  seen_lock held[most_held];
  unsigned held_count = 0;
  core::saved_context saved; // of a parked task, to be unwound from
  const char *stack_top = nullptr;
};

/// The tasks that there are by id, so that many can be told who started them.
class starters {
public:
  /// Makes the list while the world stands still, if there will be any use for it.
  explicit starters(bool used) noexcept;
  const core::task *find(std::uint64_t id) const noexcept;

private:
  struct entry {
    std::uint64_t id;
    const core::task *task;
  };
  memory::mapped_vector<entry> by_id;
};

/// Copies what is known of a primitive.
seen_primitive look_at(const core::primitive &p) noexcept;

/// Copies `e`. The primitive it waits on must still be there: e is parked, or the world still.
seen_task look_at(const core::execution &e) noexcept;
seen_task look_at(const core::execution &e, const starters &known) noexcept;

/// Copies what is known of a primitive that is still there; null is none.
seen_primitive look_at(const core::primitive *p) noexcept;

/// Copies a task that waits for its first turn.
seen_task look_at(const core::seed &s, const starters &known) noexcept;

/// Whether `t` held `lock`.
bool holds(const seen_task &t, const core::primitive *lock) noexcept;

using seen_list = memory::mapped_vector<seen_task>;

} // namespace sluice::observe
