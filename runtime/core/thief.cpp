// Taking work from others, by how long it would wait there.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tasks that talk to each other are faster on one worker than on two, so a queue is no reason to
// take from it: what counts is how fast its owner works it off, which its turns tell.
#include "core/thief.hpp"

#include "core/scheduler.hpp"

#include <algorithm>

namespace sluice::core {
namespace {

std::uint64_t draw(worker &w) noexcept {
  w.random ^= w.random << 13;
  w.random ^= w.random >> 7;
  w.random ^= w.random << 17;
  return w.random;
}

// What a thief has seen of one worker.
struct sighting {
  task *next = nullptr;
  std::uint32_t turns = 0;
  std::uint32_t queued = 0; // with what all share
};

sighting look_at(worker &victim) noexcept {
  return {victim.next.load(std::memory_order_acquire), victim.turns.load(std::memory_order_relaxed),
          victim.queue.size() + shared.count() + due.count()};
}

// How long a task may wait on one worker while another has nothing to do. Tasks that talk to each
// other are better off on one worker than apart, and those soon get their turn.
constexpr auto patience = std::chrono::microseconds(50);
constexpr auto glance = std::chrono::microseconds(10);

// Waking thieves for this worker was in vain. Relaxed, and an update may be lost: it is a guess.
void grow_quiet(worker &victim) noexcept {
  const std::uint32_t now = victim.quiet.load(std::memory_order_relaxed);
  victim.quiet.store(std::min(now * 2 + 1, 4096U), std::memory_order_relaxed);
}

// Some other worker, if possible one that has work it does not run. Null if there is no other.
worker *choose_victim(worker &w, worker *workers, unsigned count) noexcept {
  const unsigned start = static_cast<unsigned>(draw(w) % count);
  worker *other = nullptr;
  for (unsigned i = 0; i < count; ++i) {
    worker &victim = workers[(start + i) % count];
    if (&victim == &w)
      continue;
    other = &victim;
    if (victim.next.load(std::memory_order_relaxed) || !victim.queue.empty()) // only a first look
      break;
  }
  return other;
}

runnable *take_from(worker &w, worker &victim) noexcept {
  runnable *t = victim.queue.steal_into(w.queue);
  if (!t)
    t = due.pop();
  if (!t)
    t = take_shared(w);
  if (t)
    victim.quiet.store(0, std::memory_order_relaxed); // as in grow_quiet
  return t;
}

// Lets a moment pass without a look at anybody's memory; its length. The system may have put both
// threads on one processor, where the victim stands still only because the thief looks at it.
clock::duration pass_time() noexcept {
  const auto start = real_now();
  yield_thread();
  for (;;) {
    for (int i = 0; i < 16; ++i)
      relax_cpu();
    if (const auto passed = real_now() - start; passed >= glance)
      return passed;
  }
}

// Watches one victim, and takes what it would leave waiting for too long: half of a queue that it
// does not work off in time, or the next-to-run task of one that does not get to it.
runnable *watch(worker &w, worker &victim) noexcept {
  const sighting first = look_at(victim);
  sighting last = first;
  for (clock::duration watched{0}; watched < patience;) {
    const auto passed = pass_time();
    const sighting now = look_at(victim);
    const std::uint32_t turns = now.turns - last.turns;
    if (now.queued > 0 && passed * now.queued >= patience * turns)
      if (runnable *t = take_from(w, victim))
        return t;
    last = now;
    watched += passed;
    if (!now.next && now.queued == 0)
      break;
  }
  if (last.turns != first.turns)
    grow_quiet(victim);
  if (last.turns != first.turns || !last.next || last.next != first.next)
    return nullptr;
  task *t = last.next;
  if (!victim.next.compare_exchange_strong(t, nullptr, std::memory_order_acq_rel))
    return nullptr;
  victim.quiet.store(0, std::memory_order_relaxed); // as in grow_quiet
  return t;
}

} // namespace

runnable *take_overdue(worker &w, worker *workers, unsigned count) noexcept {
  worker *victim = choose_victim(w, workers, count);
  return victim ? watch(w, *victim) : nullptr;
}

} // namespace sluice::core
