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

} // namespace sluice::core
