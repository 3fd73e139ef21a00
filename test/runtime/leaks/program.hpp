// A small program whose leaks are known beforehand, and the list of all of them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/sluice.hpp>

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <vector>

namespace leaks {

using namespace std::chrono_literals;

/// A program of the corpus. It runs in a process of its own.
struct program {
  const char *name;
  void (*run)();
  /// How many tasks it leaves for good. A correct program leaves none.
  std::size_t leaks = 0;
  /// Why they are called unfinished; null where they are called leaked.
  const char *missed_because = nullptr;
  /// Whether it means nothing under a sanitizer, where memory that a program maps by itself is no
  /// root: most of such memory is the sanitizer's own.
  bool only_plain = false;
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool under_sanitizer = true;
#elif defined(__has_feature)
constexpr bool under_sanitizer =
    __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool under_sanitizer = false;
#endif

/// All programs of all files.
std::vector<program> &programs();

/// Adds the programs of a file to the list.
struct enter {
  enter(std::initializer_list<program> those);
};

/// Where a correct program is judged: `parked` of its tasks wait, and go on once this returns.
/// Nobody may be called leaked, before they have come to rest as well as afterwards.
void judge_here(std::size_t parked);

/// To be compared with nobody's pointer: hides one from the search, as the kernel or a device
/// would.
template <class T> class disguised {
public:
  explicit disguised(T *p) : bits(~reinterpret_cast<std::uintptr_t>(p)) {}
  T *get() const { return reinterpret_cast<T *>(~bits); }

private:
  std::uintptr_t bits;
};

} // namespace leaks
