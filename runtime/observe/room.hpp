// Work that needs more stack than a task may have left: reading debug information above all.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/event.hpp"
#include "core/park.hpp"

#include <type_traits>

namespace sluice::observe {

/// Calls `f()` with room for it, and waits for its end.
template <class F> void with_room(F &&f) {
  if (!core::self()->is_task)
    f();
  else
    core::run_on_large_stack([](void *arg) { (*static_cast<std::remove_reference_t<F> *>(arg))(); },
                             &f);
}

} // namespace sluice::observe
