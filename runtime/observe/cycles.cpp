// Who of those that can never go on wait for each other, and whether that is everybody.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "observe/cycles.hpp"

#include "core/scheduler.hpp"
#include "core/timer_heap.hpp"

#include <iterator>

namespace sluice::observe {
namespace {

/// Whether a thread is our own with nothing to do, or stuck.
bool is_idle(const judgement &j, const memory::stopped_thread &t) noexcept {
  if (const parked *p = j.parked_thread(t.tid))
    return !p->live;
  bool own = false;
  for_each_stopped_thread(
      [&](core::thread_record &r) { own = own || (r.kernel_id == t.tid && r.is_own()); });
  return own; // its task, if it has one, is counted for itself
}

void add_memory_of(const parked &p, wait_graph &out) noexcept {
  const core::execution &e = *p.who;
  out.add_memory(e, p.frames.begin);
  if (!e.is_task) {
    for (std::uintptr_t word : p.stopped->registers)
      out.add_memory(e, word);
    out.add_memory_of(e, p.locals);
    return;
  }
  const auto &t = static_cast<const core::task &>(e);
  out.add_memory_of(e, {address(t.function.space), address(std::end(t.function.space))});
  for (const void *held :
       {static_cast<const void *>(t.function.at), static_cast<const void *>(t.own_locals),
        static_cast<const void *>(t.exceptions.caught)})
    out.add_memory(e, address(held));
}

void add_waits_of(const core::execution &e, const wait_books &books, wait_graph &out) noexcept {
  if (waits_for_main(e)) {
    for_each_task([&](core::task &m) {
      if (in_use(m) && m.is_main && m.parent == e.id)
        out.add_owner(e, m);
    });
    return;
  }
  bool has_owner = false;
  if (follows_owner(e.reason))
    books.for_each_owner(*e.on, [&](const core::execution &owner) {
      has_owner = true;
      out.add_owner(e, owner);
    });
  if (has_owner)
    return;
  for (std::uint32_t i = 0; i < e.all_count; ++i)
    out.add_wait(e, e.all[i]);
  if (e.all_count == 0)
    out.add_wait(e, e.on);
}

} // namespace

bool all_stuck(const judgement &j) noexcept {
  bool any = core::outside_work_under_way();
  for_each_task([&](core::task &t) { any = any || (in_use(t) && !j.is_stuck(t)); });
  for_each_seed([&](core::seed &) { any = true; });
  core::for_each_timer(
      [](core::timer_node &n, void *any) {
        auto &a = *static_cast<bool *>(any);
        a = a || n.acts;
      },
      &any);
  for (const memory::stopped_thread &t : j.threads())
    any = any || !is_idle(j, t);
  return !any;
}

void find_cycles(judgement &j, wait_graph &out) noexcept {
  const wait_books &books = j.waiting();
  for (std::uint32_t i = 0; i < books.size(); ++i)
    if (!books[i].live)
      out.add(*books[i].who);
  out.end_of_members();
  for (std::uint32_t i = 0; i < books.size(); ++i)
    if (!books[i].live) {
      add_memory_of(books[i], out);
      add_waits_of(*books[i].who, books, out);
    }
  out.find_cycles();
}

} // namespace sluice::observe
