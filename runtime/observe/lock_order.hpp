// Listens to locks that are taken under others, to find orders that may end in a deadlock.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "observe/order_graph.hpp"
#include "report/finding.hpp"

namespace sluice::observe {

/// Sets the listeners in core's event table. `found` is called for each circle as soon as the
/// orders that it is made of have been seen, by who took the last of them, without locks of this
/// library; the circle is to be copied. Called once, before the first task.
void watch_lock_orders(void (*found)(const core::execution &who, const order_cycle &circle));

/// Whether some orders were left out because there are too many.
bool lock_orders_are_cut();

/// As a report shows it; symbolises stacks, so it needs a large one.
report::finding describe(const order_cycle &circle);

/// What is the same for circles that come to the same places by different ways.
std::string places_of(const report::finding &circle);

} // namespace sluice::observe
