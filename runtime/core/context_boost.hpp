// The change of stacks by Boost.Context, for machines without one of our own and on request.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <boost/context/detail/fcontext.hpp>

#include <cstddef>

extern "C" void sluice_task_main() noexcept;

namespace sluice::core {

/// Where a stack that does not run goes on.
struct saved_context {
  void *sp = nullptr; // Boost's handle, which is the stack pointer
  void *pc = nullptr; // unused
  void *fp = nullptr; // unused
};

/// What travels through a switch: the record that the left stack is to be noted in, and the pass.
struct context_transfer {
  saved_context *left;
  void *pass;
};

/// Notes where the left stack goes on; must be the first thing on the stack that is entered.
inline void *arrive(boost::context::detail::transfer_t t) noexcept {
  const context_transfer got = *static_cast<context_transfer *>(t.data);
  got.left->sp = t.fctx;
  return got.pass;
}

inline void boost_task_entry(boost::context::detail::transfer_t t) noexcept {
  arrive(t);
  sluice_task_main();
}

/// Prepares an unused stack so that the first switch to it calls sluice_task_main().
inline void make_context(saved_context &c, char *bottom, char *top) noexcept {
  c.sp = boost::context::detail::make_fcontext(top, static_cast<std::size_t>(top - bottom),
                                               boost_task_entry);
}

/// Leaves `from` and goes on in `to`. Returns, when someone switches back, what that one passed.
inline void *switch_context(saved_context &from, saved_context &to, void *pass) noexcept {
  context_transfer out{&from, pass};
  return arrive(boost::context::detail::jump_fcontext(to.sp, &out));
}

/// Whether the processor checks returns against a shadow stack, which a switch would violate.
inline bool shadow_stack_active() noexcept { return false; }

} // namespace sluice::core
