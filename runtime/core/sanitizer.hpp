// What the sanitizers and Valgrind have to be told about stacks and wake-ups; nothing that costs in
// an ordinary build.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define SLUICE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SLUICE_ASAN 1
#endif
#endif

// SLUICE_TSAN comes from the build: core itself is compiled without thread instrumentation, since
// its own atomics would order every pair of tasks that meet in a queue and so hide their races.

#ifdef SLUICE_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef SLUICE_TSAN
#include <sanitizer/tsan_interface.h>
extern "C" void __tsan_ignore_thread_begin(); // exported, though the header does not name them
extern "C" void __tsan_ignore_thread_end();
#endif

#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif

namespace sluice::core {

/// Tells Valgrind, which goes by the stack pointer, that this memory is a stack from now on. Called
/// once for each slot of the pool; a few instructions without effect where Valgrind does not run.
inline void note_stack([[maybe_unused]] char *bottom, [[maybe_unused]] char *top) noexcept {
#ifdef VALGRIND_STACK_REGISTER
  (void)VALGRIND_STACK_REGISTER(bottom, top);
#endif
}

/// What a sanitizer keeps for one stack while it does not run.
struct sanitizer_stack {
#ifdef SLUICE_ASAN
  void *fake_stack = nullptr;
#endif
  void *fiber = nullptr; // TSan's; lives as long as the stack's memory
};

/// Makes what the sanitizer needs to know a stack's next user by.
inline void begin_stack([[maybe_unused]] sanitizer_stack &s, [[maybe_unused]] char *bottom,
                        [[maybe_unused]] char *top) noexcept {
#ifdef SLUICE_ASAN
  __asan_unpoison_memory_region(bottom, static_cast<std::size_t>(top - bottom));
  s.fake_stack = nullptr;
#endif
#ifdef SLUICE_TSAN
  if (!s.fiber)
    s.fiber = __tsan_create_fiber(0);
#endif
}

/// Notes the calling thread's own stack.
inline void adopt_thread_stack([[maybe_unused]] sanitizer_stack &s) noexcept {
#ifdef SLUICE_TSAN
  s.fiber = __tsan_get_current_fiber();
#endif
}

/// To be called right before a switch from `from`, which is dying or not, to `to`.
[[gnu::always_inline]] inline void leave_stack([[maybe_unused]] sanitizer_stack &from,
                                               [[maybe_unused]] sanitizer_stack &to,
                                               [[maybe_unused]] char *to_bottom,
                                               [[maybe_unused]] char *to_top,
                                               [[maybe_unused]] bool dying) noexcept {
#ifdef SLUICE_ASAN
  from.fake_stack = nullptr; // a dying task's is destroyed now, and leak scans must not see it
  __sanitizer_start_switch_fiber(dying ? nullptr : &from.fake_stack, to_bottom,
                                 static_cast<std::size_t>(to_top - to_bottom));
#endif
#ifdef SLUICE_TSAN
  __tsan_switch_to_fiber(to.fiber, 1); // 1: no edge; the real ones are stated by happens_before()
#endif
}

/// To be called first on the stack that was switched to.
[[gnu::always_inline]] inline void enter_stack([[maybe_unused]] sanitizer_stack &s) noexcept {
#ifdef SLUICE_ASAN
  __sanitizer_finish_switch_fiber(s.fake_stack, nullptr, nullptr);
#endif
}

/// What the caller did so far happens before what follows a happens_after() of the same address.
inline void happens_before([[maybe_unused]] const void *at) noexcept {
#ifdef SLUICE_TSAN
  __tsan_release(const_cast<void *>(at));
#endif
}

/// See happens_before().
inline void happens_after([[maybe_unused]] const void *at) noexcept {
#ifdef SLUICE_TSAN
  __tsan_acquire(const_cast<void *>(at));
#endif
}

/// A scope in which TSan takes no notice of what the library does with its own memory: what is
/// ordered by core's own locks, which TSan does not see, would be races. Without instrumentation
/// these are the mappings, which TSan takes for writes, and what functions of libc do.
class unseen_scope {
public:
  unseen_scope() noexcept {
#ifdef SLUICE_TSAN
    __tsan_ignore_thread_begin();
#endif
  }
  ~unseen_scope() {
#ifdef SLUICE_TSAN
    __tsan_ignore_thread_end();
#endif
  }
  unseen_scope(const unseen_scope &) = delete;
  unseen_scope &operator=(const unseen_scope &) = delete;
};

} // namespace sluice::core
