// The tables that start/ fills in.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/event.hpp"

namespace sluice::core {

constinit event_table events;
constinit settings options;

void report_misuse(const misuse &what) noexcept {
  if (events.misused)
    events.misused(what);
}

void forget_order(const primitive &lock) noexcept {
  if (lock.order_number != 0 && events.numbered_lock_destroyed)
    events.numbered_lock_destroyed(lock);
}

} // namespace sluice::core
