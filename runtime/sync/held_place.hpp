// Where somebody took a lock, for reports of misuse.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/execution.hpp"

namespace sluice::core {

/// Where `who` took `lock`, as far as its list tells; else where the lock was made.
inline std::source_location held_place(const execution *who, const primitive &lock) noexcept {
  std::source_location where = lock.made_at;
  if (who)
    who->held.for_each([&](const held_lock &h) {
      if (h.lock == &lock)
        where = h.where;
    });
  return where;
}

} // namespace sluice::core
