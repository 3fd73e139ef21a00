// Who waits for what, copied out of the registry while the world stands still.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "observe/snapshot.hpp"

#include <sluice/channel.hpp>

#include <cstdio>
#include <cstring>

namespace sluice::observe {
namespace {

void copy_held(const core::execution &e, seen_task &out) noexcept {
  e.held.for_each([&](const core::held_lock &h) {
    if (out.held_count < seen_task::most_held)
      out.held[out.held_count++] = {h.lock, look_at(h.lock), h.shared, h.where, h.caller};
  });
}

void copy_wait(const core::execution &e, seen_task &out) noexcept {
  out.reason = e.reason;
  out.sleeps = e.has_deadline || e.reason == core::wait_reason::sleep;
  out.on_address = e.on;
  out.on = look_at(e.on);
  auto is_context = [](const core::primitive *p) {
    return p && p->kind == core::primitive_kind::context;
  };
  out.waits_for_context = is_context(e.on);
  for (std::uint32_t i = 0; i < e.all_count; ++i)
    out.waits_for_context = out.waits_for_context || is_context(e.all[i]);
  out.where = e.where;
  out.waited_ms = core::coarse_now() - e.since;
}

/// What a task has from its start to its end.
template <class Books> void copy_identity(const Books &b, seen_task &out) noexcept {
  out.is_main = b.is_main;
  out.is_background = b.is_background;
  out.started_at = b.started_at;
  out.id = b.id;
  out.parent = b.parent;
  out.tag = b.tag;
}

} // namespace

void short_text::assign(const char *from) noexcept {
  if (from)
    std::strncpy(text, from, sizeof text - 1);
}

void short_text::assign_task(const char *given, std::uint64_t id) noexcept {
  if (given)
    std::snprintf(text, sizeof text, "task %.40s", given);
  else
    std::snprintf(text, sizeof text, "task %llu", static_cast<unsigned long long>(id));
}

seen_primitive look_at(const core::primitive &p) noexcept {
  seen_primitive seen;
  seen.present = true;
  seen.address = &p;
  seen.kind = p.kind;
  seen.name.assign(p.name);
  seen.made_at = p.made_at;
  if (p.kind == core::primitive_kind::chan) { // a channel proper, not the end of a context
    const auto &c = static_cast<const core::channel &>(p);
    seen.element = c.type.spelled;
    seen.capacity = c.capacity;
  }
  return seen;
}

seen_primitive look_at(const core::primitive *p) noexcept {
  return p ? look_at(*p) : seen_primitive();
}

/// Names who started it, if that one is still there; ids are never used twice.
static void copy_starter(seen_task &out) noexcept {
  if (!out.is_task || out.is_main)
    return;
  struct look {
    std::uint64_t id;
    seen_task &out;
  } l{out.parent, out};
  core::for_each_task(
      [](core::task &t, void *arg) {
        auto &l = *static_cast<look *>(arg);
        if (t.id == l.id)
          l.out.starter.assign_task(t.is_main ? "main" : t.name, t.id);
      },
      &l);
}

seen_task look_at(const core::execution &e) noexcept {
  seen_task out;
  out.who = &e;
  out.is_task = e.is_task;
  copy_identity(e, out);
  out.name.assign(e.name);
  out.blocked = e.state.load(std::memory_order_acquire) == core::run_state::blocked;
  copy_held(e, out);
  copy_starter(out);
  if (!out.blocked)
    return out;
  copy_wait(e, out);
  if (e.is_task) {
    const auto &t = static_cast<const core::task &>(e);
    out.saved = t.saved;
    out.stack_top = t.stack.top;
  }
  return out;
}

seen_task look_at(const core::seed &s) noexcept {
  seen_task out;
  out.is_task = true;
  copy_identity(s, out);
  out.name.assign(s.name.text);
  copy_starter(out);
  return out;
}

bool holds(const seen_task &t, const core::primitive *lock) noexcept {
  for (unsigned i = 0; i < t.held_count; ++i)
    if (t.held[i].address == lock)
      return true;
  return false;
}

} // namespace sluice::observe
