// Who waits for what, copied out of the registry while the world stands still.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "observe/snapshot.hpp"

#include "memory/text.hpp"

#include <sluice/channel.hpp>
#include <sluice/mutex.hpp>

#include <algorithm>

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
  out.in_run = waits_for_main(e);
  out.since = e.since;
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

bool still_holds(const core::execution &e, const core::primitive &lock) noexcept {
  if (lock.kind != core::primitive_kind::mutex)
    return true;
  const auto &m = static_cast<const core::exclusive_lock &>(lock);
  return m.owner.load(std::memory_order_acquire) == &e;
}

void short_text::assign(const char *from) noexcept {
  memory::text_buffer<sizeof text> name;
  if (from)
    name.append(from);
  std::copy(std::begin(name.text), std::end(name.text), text);
}

void short_text::assign_task(const char *given, std::uint64_t id) noexcept {
  memory::text_buffer<sizeof text> name;
  name.append("task ");
  if (given)
    name.append(given);
  else
    name.append(id);
  std::copy(std::begin(name.text), std::end(name.text), text);
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
static void name_starter(seen_task &out, const core::task *starter) noexcept {
  if (starter && out.is_task && !out.is_main)
    out.starter.assign_task(starter->is_main ? "main" : starter->name, starter->id);
}

static const core::task *find_task(std::uint64_t id) noexcept {
  struct look {
    std::uint64_t id;
    const core::task *found = nullptr;
  } l{id};
  core::for_each_task(
      [](core::task &t, void *arg) {
        auto &l = *static_cast<look *>(arg);
        if (t.id == l.id)
          l.found = &t;
      },
      &l);
  return l.found;
}

starters::starters(bool used) noexcept {
  if (!used)
    return;
  core::for_each_task(
      [](core::task &t, void *list) {
        static_cast<decltype(by_id) *>(list)->push_back({t.id, &t});
      },
      &by_id);
  std::sort(by_id.begin(), by_id.end(), [](const entry &a, const entry &b) { return a.id < b.id; });
}

const core::task *starters::find(std::uint64_t id) const noexcept {
  const entry *e = std::lower_bound(by_id.begin(), by_id.end(), id,
                                    [](const entry &a, std::uint64_t id) { return a.id < id; });
  return e != by_id.end() && e->id == id ? e->task : nullptr;
}

static seen_task look_at_one(const core::execution &e) noexcept {
  seen_task out;
  out.who = &e;
  out.is_task = e.is_task;
  copy_identity(e, out);
  out.name.assign(e.name);
  out.blocked = e.state.load(std::memory_order_acquire) == core::run_state::blocked;
  copy_held(e, out);
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

seen_task look_at(const core::execution &e) noexcept {
  seen_task out = look_at_one(e);
  name_starter(out, find_task(out.parent));
  return out;
}

seen_task look_at(const core::execution &e, const starters &known) noexcept {
  seen_task out = look_at_one(e);
  name_starter(out, known.find(out.parent));
  return out;
}

seen_task look_at(const core::seed &s, const starters &known) noexcept {
  seen_task out;
  out.is_task = true;
  copy_identity(s, out);
  out.name.assign(s.name.text);
  name_starter(out, known.find(out.parent));
  return out;
}

bool holds(const seen_task &t, const core::primitive *lock) noexcept {
  for (unsigned i = 0; i < t.held_count; ++i)
    if (t.held[i].address == lock)
      return true;
  return false;
}

} // namespace sluice::observe
