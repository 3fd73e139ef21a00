// A lock for a few instructions; its waiters give the processor away when its owner has lost it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <atomic>
#include <cstdint>

namespace sluice::core {

/// Tells the processor that this is a waiting loop.
inline void relax_cpu() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// Lets another thread of the machine run.
void yield_thread() noexcept;

/// Test-and-test-and-set with a growing pause. Constant-initialised and trivially destroyed, so it
/// may guard things of static storage. Never held across a park.
class spinlock {
public:
  void lock() noexcept {
    while (held.exchange(true, std::memory_order_acquire)) [[unlikely]] // here, where TSan sees it
      wait_while_held();
  }
  bool try_lock() noexcept {
    return !held.load(std::memory_order_relaxed) && !held.exchange(true, std::memory_order_acquire);
  }
  /// The same without a look first, which costs a lock that is free another fetch of its line.
  bool lock_if_free() noexcept { return !held.exchange(true, std::memory_order_acquire); }
  void unlock() noexcept { held.store(false, std::memory_order_release); }

private:
  void wait_while_held() noexcept;

  std::atomic<bool> held{false};
};

/// Unlocks the spinlock that is `lock`: for park(), which calls it on the stack that comes next. It
/// is compiled without thread instrumentation, so who parks states happens_before(lock) itself.
void release_spinlock(void *lock) noexcept;

} // namespace sluice::core
