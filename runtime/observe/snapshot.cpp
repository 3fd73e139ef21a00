// Who waits for what, copied out of the registry while the world stands still.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "observe/snapshot.hpp"

#include <cstring>

namespace sluice::observe {
namespace {

seen_primitive look_at(const core::primitive *p) noexcept {
  seen_primitive seen;
  if (!p)
    return seen;
  seen.present = true;
  seen.kind = p->kind;
  seen.name.assign(p->name);
  seen.made_at = p->made_at;
  return seen;
}

void copy_held(const core::execution &e, seen_task &out) noexcept {
  e.held.for_each([&](const core::held_lock &h) {
    if (out.held_count < seen_task::most_held)
      out.held[out.held_count++] = {h.lock, look_at(h.lock), h.shared, h.where};
  });
}

void copy_wait(const core::execution &e, seen_task &out) noexcept {
  out.reason = e.reason;
  out.sleeps = e.has_deadline || e.reason == core::wait_reason::sleep;
  out.on_address = e.on;
  out.on = look_at(e.on);
  out.where = e.where;
  out.waited_ms = core::coarse_now() - e.since;
}

} // namespace

void short_text::assign(const char *from) noexcept {
  if (from)
    std::strncpy(text, from, sizeof text - 1);
}

seen_task look_at(const core::execution &e) noexcept {
  seen_task out;
  out.who = &e;
  out.is_task = e.is_task;
  out.is_main = e.is_main;
  out.is_background = e.is_background;
  out.started_at = e.started_at;
  out.id = e.id;
  out.parent = e.parent;
  out.tag = e.tag;
  out.name.assign(e.name);
  out.blocked = e.state.load(std::memory_order_acquire) == core::run_state::blocked;
  copy_held(e, out);
  if (!out.blocked)
    return out;
  copy_wait(e, out);
  if (e.is_task) {
    const auto &t = static_cast<const core::task &>(e);
    out.saved = t.saved;
    out.stack_top = t.stack ? t.stack->top : nullptr;
  }
  return out;
}

} // namespace sluice::observe
