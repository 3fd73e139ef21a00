// Who waits for what, and who holds it: taken down once, while the world stands still.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "observe/wait_books.hpp"

namespace sluice::observe {

void wait_books::add(const parked &p) noexcept {
  const std::uint32_t who = size();
  complete_ = all_.push_back(p) && complete_;
  const core::execution &e = *p.who;
  auto add_wait = [&](const core::primitive *on) {
    complete_ = waits_.push_back({address(on), who}) && complete_;
  };
  for (std::uint32_t i = 0; i < e.all_count; ++i)
    add_wait(e.all[i]);
  if (e.all_count == 0 && e.on)
    add_wait(e.on);
}

void wait_books::add_holdings(const core::execution &e) noexcept {
  e.held.for_each([&](const core::held_lock &h) {
    complete_ = holdings_.push_back({h.lock, &e}) && complete_;
  });
}

void wait_books::seal() noexcept {
  std::sort(holdings_.begin(), holdings_.end(),
            [](const holding &a, const holding &b) { return a.lock < b.lock; });
  std::sort(waits_.begin(), waits_.end(), [](const wait &a, const wait &b) { return a.on < b.on; });
}

} // namespace sluice::observe
