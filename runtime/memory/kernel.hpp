// System calls for a stopped world, past the wrappers that a sanitizer puts around them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A sanitizer's wrapper takes locks, and a thread that stands still may hold them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace sluice::memory {

/// A file opened for reading; -1 if that fails.
inline int kernel_open(const char *path, int flags = 0) noexcept {
  return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC | flags));
}
/// As read(2).
inline ssize_t kernel_read(int fd, void *to, std::size_t n) noexcept {
  return syscall(SYS_read, fd, to, n);
}
/// As close(2).
inline void kernel_close(int fd) noexcept { syscall(SYS_close, fd); }

/// Fresh pages, or null.
inline void *kernel_pages(std::size_t bytes, int more_flags = 0) noexcept {
  long p = syscall(SYS_mmap, nullptr, bytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | more_flags, -1L, 0L);
  return p == -1 ? nullptr : reinterpret_cast<void *>(p);
}
/// As mremap(2), moving if needed; null if that fails.
inline void *kernel_grow(void *from, std::size_t bytes, std::size_t more) noexcept {
  long p = syscall(SYS_mremap, from, bytes, more, MREMAP_MAYMOVE);
  return p == -1 ? nullptr : reinterpret_cast<void *>(p);
}
/// As munmap(2).
inline void kernel_unmap(void *p, std::size_t bytes) noexcept { syscall(SYS_munmap, p, bytes); }

/// Whether all pages of a private mapping are mapped; touches none.
inline bool kernel_has(std::uintptr_t begin, std::uintptr_t end) noexcept {
  return syscall(SYS_msync, begin, end - begin, static_cast<long>(MS_ASYNC)) == 0;
}

/// As nanosleep(2).
inline void kernel_sleep(long ns) noexcept {
  timespec pause{0, ns};
  syscall(SYS_nanosleep, &pause, nullptr);
}

} // namespace sluice::memory
