// Contexts: a tree that is cut from the root downwards.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Invariants
// - `lock` guards `children` and the links of the children in it, and is held by whoever sets
// `error`.
// - `error` is set once; who sets it takes the children away, closes `done` and disarms the timer.
// - A node keeps its parent alive; a parent knows its children without keeping them. A child leaves
//   the list before it is freed, so who finds it there may try to keep it.
// - An armed timer counts for one user. Who disarms it, or else fire(), drops that.
#include "core/event.hpp"
#include "core/timer_heap.hpp"
#include "sync/channel.hpp"

#include <sluice/context.hpp>

#include <algorithm>
#include <mutex>
#include <string>

namespace sluice {
namespace core {

namespace {
struct cancel_on_stop {
  context_node *node;
  void operator()() const noexcept;
};
} // namespace

struct context_node : timer_node {
  explicit context_node(std::source_location where)
      : done(make_channel(element<unit>::type, 0, nullptr, where, primitive_kind::context)),
        made_at(where) {
    acts = false;
  }

  std::atomic<std::uint32_t> users{1};
  std::atomic<int> error{0};
  spinlock lock;
  sized_handle done;
  std::source_location made_at;
  std::optional<clock::time_point> deadline;
  context_node *parent = nullptr;
  context_node *children = nullptr;
  context_node *next = nullptr; // in the parent's list, then in the canceller's
  context_node *prev = nullptr;
  bool linked = false; // guarded by the parent's lock
  std::optional<std::stop_callback<cancel_on_stop>> on_stop;
};

namespace {

bool try_retain(context_node *n) noexcept {
  std::uint32_t users = n->users.load(std::memory_order_relaxed);
  while (users != 0)
    if (n->users.compare_exchange_weak(users, users + 1, std::memory_order_relaxed))
      return true;
  return false;
}

void link(context_node &parent, context_node &child) noexcept {
  child.next = parent.children;
  child.prev = nullptr;
  if (parent.children)
    parent.children->prev = &child;
  parent.children = &child;
  child.linked = true;
}

void unlink(context_node &parent, context_node &child) noexcept {
  (child.prev ? child.prev->next : parent.children) = child.next;
  if (child.next)
    child.next->prev = child.prev;
  child.linked = false;
}

/// Under n.lock: moves the children that are still in use in front of `list`.
context_node *take_children(context_node &n, context_node *list) noexcept {
  while (context_node *child = n.children) {
    unlink(n, *child);
    if (try_retain(child)) {
      child->next = list;
      list = child;
    }
  }
  return list;
}

/// Ends `n` alone, unless it has ended; its children join `list`.
void end(context_node &n, context_errc why, bool firing, context_node *&list) noexcept {
  {
    std::lock_guard hold(n.lock);
    if (n.error.load(std::memory_order_relaxed) != 0)
      return;
    n.error.store(static_cast<int>(why), std::memory_order_release);
    list = take_children(n, list);
  }
  close_quietly(n.done.untyped(), n.made_at);
  if (n.fire && !firing && disarm(n))
    release(&n);
}

/// Ends `n` and all below it. No recursion: a chain of contexts may be longer than a stack is deep.
void end_tree(context_node &n, context_errc why, bool firing = false) noexcept {
  context_node *list = nullptr;
  end(n, why, firing, list);
  while (context_node *child = list) {
    list = child->next;
    end(*child, why, false, list);
    release(child);
  }
}

void fire_deadline(timer_node *t) {
  auto *n = static_cast<context_node *>(t);
  happens_after(n);
  end_tree(*n, context_errc::deadline_exceeded, true);
  release(n);
}

void cancel_on_stop::operator()() const noexcept { end_tree(*node, context_errc::canceled); }

/// Puts `child` below its parent, or ends it at once if that has ended.
void adopt(context_node &child, const context &parent) noexcept {
  context_node *p = parent.node();
  if (!p)
    return;
  int error = 0;
  {
    std::lock_guard hold(p->lock);
    error = p->error.load(std::memory_order_relaxed);
    if (error == 0) {
      retain(p);
      child.parent = p;
      link(*p, child);
    }
  }
  if (error != 0)
    end_tree(child, static_cast<context_errc>(error));
}

/// A child of `parent`; the caller has the only reference.
context_node *make_child(const context &parent, std::source_location where) {
  auto *n = new context_node(where);
  n->deadline = parent.deadline();
  return n;
}

cancellable_context hand_out(context_node *n) noexcept {
  context_ref ref(n);
  return {context(ref), cancel_function(ref)};
}

/// Arms the timer, which counts as a user.
void start_deadline(context_node &n, clock::time_point t) noexcept {
  if (t <= clock::now()) {
    end_tree(n, context_errc::deadline_exceeded);
    return;
  }
  n.when = t;
  std::lock_guard hold(n.lock);
  if (n.error.load(std::memory_order_relaxed) != 0)
    return;
  n.fire = &fire_deadline;
  retain(&n);
  happens_before(&n);
  arm(n);
}

class category final : public std::error_category {
  const char *name() const noexcept override { return "sluice.context"; }
  std::string message(int code) const override {
    return code == static_cast<int>(context_errc::deadline_exceeded) ? "context deadline exceeded"
                                                                     : "context canceled";
  }
};

} // namespace

void retain(context_node *n) noexcept {
  if (n) // Relaxed: whoever copies a reference has one.
    n->users.fetch_add(1, std::memory_order_relaxed);
}

void release(context_node *n) noexcept {
  while (n && n->users.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    n->on_stop.reset(); // waits for a callback that runs now, which may still use all of the node
    context_node *parent = n->parent;
    if (parent) {
      std::lock_guard hold(parent->lock);
      if (n->linked)
        unlink(*parent, *n);
    }
    delete n;
    n = parent;
  }
}

cancellable_context with_deadline(const context &parent, clock::time_point t,
                                  std::source_location where) {
  operation_point();
  context_node *n = make_child(parent, where);
  const bool sooner = !n->deadline || t < *n->deadline;
  if (sooner)
    n->deadline = t;
  adopt(*n, parent);
  if (sooner)
    start_deadline(*n, t);
  return hand_out(n);
}

} // namespace core

const std::error_category &context_category() noexcept {
  static const core::category instance;
  return instance;
}

recv_chan<> context::done() const noexcept { return node() ? recv_chan<>(node()->done) : nullptr; }

std::error_code context::err() const noexcept {
  const int error = node() ? node()->error.load(std::memory_order_acquire) : 0;
  return error ? make_error_code(static_cast<context_errc>(error)) : std::error_code();
}

std::optional<clock::time_point> context::deadline() const noexcept {
  return node() ? node()->deadline : std::nullopt;
}

void cancel_function::operator()() const noexcept {
  if (!ref.get())
    return;
  core::operation_point();
  core::end_tree(*ref.get(), context_errc::canceled);
}

cancellable_context with_cancel(const context &parent, std::source_location where) {
  core::operation_point();
  core::context_node *n = core::make_child(parent, where);
  core::adopt(*n, parent);
  return core::hand_out(n);
}

cancellable_context with_stop_token(const context &parent, std::stop_token token,
                                    std::source_location where) {
  cancellable_context made = with_cancel(parent, where);
  core::context_node *n = made.ctx.node();
  n->on_stop.emplace(std::move(token), core::cancel_on_stop{n});
  return made;
}

} // namespace sluice
