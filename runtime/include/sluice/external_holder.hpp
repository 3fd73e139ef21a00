// A root for a handle that hides where the leak check cannot see it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/standard/memory.hpp>

#include <utility>

namespace sluice {

/// Keeps a copy of `handle` where the leak check looks, for as long as something outside of the
/// process's readable memory (user data of epoll, another process) may use it.
///
///     sluice::external_holder keep(jobs); // the kernel has our only pointer
class external_holder {
public:
  template <class Handle>
  explicit external_holder(Handle handle)
      : held(std::make_shared<Handle>(std::move(handle))), entry(enter(held.get())) {}
  external_holder(external_holder &&other) noexcept
      : held(std::move(other.held)), entry(std::exchange(other.entry, nullptr)) {}
  external_holder &operator=(external_holder other) noexcept {
    std::swap(held, other.held);
    std::swap(entry, other.entry);
    return *this;
  }
  ~external_holder() { leave(entry); }

private:
  static void *enter(const void *handle);
  static void leave(void *entry) noexcept;

  std::shared_ptr<void> held;
  void *entry;
};

} // namespace sluice
