// A lock that is one bit of a primitive's own state word.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/spinlock.hpp"

#include <atomic>
#include <concepts>
#include <type_traits>

namespace sluice::core {

/// The highest bit of the lower half.
template <std::unsigned_integral Word> inline constexpr Word guard_bit = Word{1} << 31;

/// Sets the guard bit, waiting for its present owner; the other bits. While it is set nobody else
/// writes the word, so the owner may give it back and change the state by one store, after which it
/// touches the primitive no more. That is what allows a primitive to be destroyed as soon as its
/// state says so.
template <std::unsigned_integral Word> Word lock_word(std::atomic<Word> &word) noexcept {
  for (unsigned tries = 0;; ++tries) {
    Word seen = word.load(std::memory_order_relaxed);
    if (!(seen & guard_bit<Word>) &&
        word.compare_exchange_weak(seen, seen | guard_bit<Word>, std::memory_order_acquire))
      return seen;
    relax_cpu();
    if (tries % 64 == 63)
      yield_thread();
  }
}

/// Gives the guard back with the state `now`.
template <class Word>
void unlock_word(std::atomic<Word> &word, std::type_identity_t<Word> now) noexcept {
  word.store(now, std::memory_order_release);
}

/// Holds the guard of a word that has no other meaning.
class scoped_guard {
public:
  explicit scoped_guard(std::atomic<std::uint32_t> &word) noexcept : word(word) { lock_word(word); }
  scoped_guard(const scoped_guard &) = delete;
  ~scoped_guard() { unlock_word(word, 0); }

private:
  std::atomic<std::uint32_t> &word;
};

} // namespace sluice::core
