// Whether anybody can still move without being woken from outside.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/registry.hpp"
#include "core/scheduler.hpp"
#include "memory/world.hpp"
#include "observe/judge.hpp"
#include "observe/judgement.hpp"

namespace sluice::observe {
namespace {

template <class F> void for_each_task(F f) {
  core::for_each_task([](core::task &t, void *arg) { (*static_cast<F *>(arg))(t); }, &f);
}

} // namespace

bool all_at_rest(const core::execution *asker) noexcept {
  const std::uint64_t steps = core::outside_steps();
  const unsigned running = asker && asker->is_task ? 1 : 0;
  bool rest = core::worker_count() == 0 || core::is_quiescent(running); // so nobody is unstarted
  for_each_task([&](core::task &t) { rest = rest && (!in_use(t) || &t == asker || waits(t)); });
  struct census {
    const core::execution *asker;
    std::size_t known;
    bool rest;
  } c{asker, 0, rest};
  core::for_each_thread(
      [](core::thread_record &t, void *arg) {
        auto &count = *static_cast<census *>(arg);
        ++count.known;
        count.rest = count.rest && (t.is_worker || t.is_pool || &t == count.asker || waits(t));
      },
      &c);
  // They were asked one after the other; nobody has moved if no thread woke anybody meanwhile, and
  // the scheduler still has nothing to do.
  c.known += core::this_thread_if_known() == nullptr; // a task asks from a large stack
  return c.rest && c.known >= memory::thread_count() &&
         (core::worker_count() == 0 || core::is_quiescent(running)) &&
         core::outside_steps() == steps;
}

} // namespace sluice::observe
