// What the books know of a primitive: its kind, its name and where it was made.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <source_location>

namespace sluice::core {

/// What a primitive is; the names that reports print are in report/.
enum class primitive_kind : std::uint8_t {
  chan,
  mutex,
  shared_mutex,
  condition_variable,
  wait_group,
  once,
  semaphore,
  task_group,
  future,
  context,
  timer,
};

/// Base of every primitive's untyped part. Trivially destructible and constant-initialisable, so
/// that primitives may have static storage.
struct primitive {
  constexpr primitive(primitive_kind kind, const char *name, std::source_location where) noexcept
      : kind(kind), name(name), made_at(where) {}

  primitive_kind kind;
  // Of a lock, in the graph of lock orders; 0: none yet. It is what tells a lock from an earlier
  // one at the same address.
  mutable std::uint32_t order_number = 0;
  const char *name = nullptr; // null: none given; otherwise text that outlives the primitive
  std::source_location made_at;
};

} // namespace sluice::core
