// What is done for a task once it is off its stack.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "sync/release.hpp"

#include "sync/channel.hpp"
#include "sync/word_guard.hpp"

namespace sluice::core {
namespace {

template <class Word> void release_word(void *arg) noexcept {
  auto &word = *static_cast<std::atomic<Word> *>(arg);
  unlock_word(word, word.load(std::memory_order_relaxed) & ~guard_bit<Word>);
}

} // namespace

void release_word32(void *arg) noexcept { release_word<std::uint32_t>(arg); }
void release_word64(void *arg) noexcept { release_word<std::uint64_t>(arg); }

void release_partner(void *arg) noexcept {
  auto *lazy_sender = static_cast<waiter *>(arg);
  lazy_sender->end = wait_end::partner;
  unpark(lazy_sender->who);
}

void release_condition(void *arg) noexcept {
  auto *w = static_cast<condition_wait *>(arg);
  execution *who = w->who;
  int expected = condition_wait::entering;
  if (!w->phase.compare_exchange_strong(expected, condition_wait::parked,
                                        std::memory_order_acq_rel))
    unpark(who);
}

void release_channels(void *arg) noexcept {
  // Copied first: after the last unlock the list may be gone. Before it the list stays, since the
  // woken task takes all of the locks once before it goes on.
  const channel_list list = *static_cast<channel_list *>(arg);
  for (std::uint32_t i = 0; i < list.count; ++i)
    channel_at(list, i)->lock.unlock();
}

} // namespace sluice::core
