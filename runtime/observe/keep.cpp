// What tasks that are left still hold, told to LeakSanitizer.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "observe/keep.hpp"

#include "core/registry.hpp"
#include "memory/sanitizer_heap.hpp"

namespace sluice::observe {
namespace {

#ifdef SLUICE_ASAN

memory::range between(const void *begin, const void *end) noexcept {
  return {reinterpret_cast<std::uintptr_t>(begin), reinterpret_cast<std::uintptr_t>(end)};
}

void keep(core::task &t, void *) {
  const auto s = t.state.load(std::memory_order_acquire);
  if (s == core::run_state::free || s == core::run_state::finished)
    return;
  memory::keep_for_leak_sanitizer(between(&t, &t + 1));
  const auto *sp = static_cast<const char *>(t.saved.sp);
  const bool parked = sp >= t.stack.bottom && sp < t.stack.top;
  const memory::range used = between(parked ? sp : t.stack.bottom, t.stack.top);
  memory::keep_for_leak_sanitizer(used);
  memory::for_each_fake_frame(
      used, t.stack.sanitizer.fake_stack,
      [](void *, memory::range frame) { memory::keep_for_leak_sanitizer(frame); }, nullptr);
}

#endif

} // namespace

void keep_what_tasks_hold() noexcept {
#ifdef SLUICE_ASAN
  core::for_each_task(keep, nullptr);
#endif
}

} // namespace sluice::observe
