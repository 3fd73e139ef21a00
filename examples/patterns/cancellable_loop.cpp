// A loop of long work that looks at its context in every turn.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Use it for a computation that could run for long: it checks between two steps, so that whoever
// started it gets the processor, and the task, back soon after cancelling.
#include <sluice/sluice.hpp>

#include <cstdio>

namespace {

/// Searches for the start of the longest Collatz chain, step by step.
class chain_search {
public:
  /// The best start found before the context ended.
  int run(sluice::context ctx) {
    for (int start = 1; !ctx.err(); ++start) {
      consider(start);
      progress_.try_send(start);
      sluice::yield();
    }
    return best_;
  }

  /// Says where the search is; a slow listener misses some.
  sluice::recv_chan<int> progress() const { return progress_; }

private:
  void consider(int start) {
    int length = 1;
    for (long n = start; n != 1; n = n % 2 == 0 ? n / 2 : 3 * n + 1)
      ++length;
    if (length > longest_) {
      longest_ = length;
      best_ = start;
    }
  }

  sluice::chan<int> progress_{1};
  int best_ = 1;
  int longest_ = 1;
};

} // namespace

int main() {
  sluice::run([] {
    auto [ctx, cancel] = sluice::with_cancel(sluice::context::background());
    chain_search search;
    sluice::future<int> best = sluice::async([&search, ctx = ctx] { return search.run(ctx); });

    for (int start : search.progress())
      if (start > 1000)
        break;
    cancel();
    std::printf("%s\n", best.get() > 0 ? "stopped when asked" : "found nothing");
  });
}
