// What a sanitizer knows of memory: its heap's blocks, fake stack frames, threads of its own.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "memory/heap_map.hpp"

#include <sys/types.h>

#if defined(__SANITIZE_ADDRESS__)
#define SLUICE_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SLUICE_ADDRESS_SANITIZER 1
#endif
#endif

namespace sluice::memory {

#if defined(SLUICE_ADDRESS_SANITIZER) || defined(SLUICE_TSAN)
/// Whether the library is built under a sanitizer, which has mappings that are not the program's.
constexpr bool under_sanitizer = true;
#else
constexpr bool under_sanitizer = false;
#endif

/// The bytes of the block that starts at `p`; takes no lock.
std::size_t sanitizer_block_size(const void *p) noexcept;

/// The fake stack that the calling thread's or task's frames are in; null without one.
void *current_fake_stack() noexcept;

/// Calls `f(arg, frame)` for each frame of `fake_stack` that a word of `stack` points into. The
/// same frame may come more than once.
void for_each_fake_frame(range stack, void *fake_stack, void (*f)(void *arg, range frame),
                         void *arg) noexcept;

/// Whether a thread is the sanitizer's own: it runs nothing of the program's, nor any handler.
bool is_sanitizer_thread(pid_t tid) noexcept;

/// Has LeakSanitizer follow what lies in `memory`, until the process ends.
void keep_for_leak_sanitizer(range memory) noexcept;

} // namespace sluice::memory
