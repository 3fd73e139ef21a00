// Everything that waits for a moment: a heap of nodes that live with whoever armed them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/clock.hpp>

#include <cstdint>

namespace sluice::core {

/// One armed moment. `fire(node)` is called once it has come, by a scheduler thread and outside of
/// every lock of core. It must be short; it may unpark, arm() and start tasks, must not park and
/// must not disarm() its own node; the caller of disarm() holds no lock that fire() takes.
struct timer_node {
  void (*fire)(timer_node *) = nullptr;
  clock::time_point when;
  bool armed = false; // owned by the heap's lock
  bool acts = true;   // false: firing it only wakes those who wait for it

  // The pairing heap's links.
  std::uint64_t order = 0;
  timer_node *child = nullptr;
  timer_node *sibling = nullptr;
  timer_node *previous = nullptr; // the parent of a first child, else the elder sibling
};

/// Has `node` fire at node.when. Starts the scheduler if there is none.
void arm(timer_node &node) noexcept;

/// Takes `node` back. True: it will not fire. False: it has fired, and its function has returned.
bool disarm(timer_node &node) noexcept;

/// The earliest armed moment; clock::time_point::max() if there is none. Reads one atomic.
clock::time_point next_timer() noexcept;

/// Fires what is due, unless another thread is doing so; says whether anything fired.
bool fire_timers() noexcept;

/// Calls `f(node, arg)` for each armed node. Takes no lock: for a stopped world.
void for_each_timer(void (*f)(timer_node &, void *), void *arg);

/// The node whose function runs, which may have freed it; null if none does. For a stopped world.
const timer_node *firing_timer() noexcept;

/// Fork, and a stopped world: holds and releases the heap's lock around it. The child of a fork
/// forgets all timers.
void lock_timers() noexcept;
void unlock_timers() noexcept;
void forget_timers() noexcept;

} // namespace sluice::core
