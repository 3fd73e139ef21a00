// The loop of examples/patterns/cancellable_loop.cpp, which takes a context and never looks at it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// runtime: unfinished
// options: report_unfinished=all
#include <sluice/sluice.hpp>

#include <atomic>
#include <chrono>
#include <cstdio>

namespace {

using namespace std::chrono_literals;

class refresher {
public:
  void run([[maybe_unused]] sluice::context ctx) {
    while (true) {
      ++refreshed_;
      sluice::sleep_for(50ms); // sluice: missing-cancellation
    }
  }

private:
  std::atomic<int> refreshed_{0};
};

refresher the_refresher;

} // namespace

int main() {
  sluice::run([] {
    auto [ctx, cancel] = sluice::with_cancel(sluice::context::background());
    sluice::go("refresh", [ctx = ctx] { the_refresher.run(ctx); });
    sluice::sleep_for(5ms);
    cancel();
    std::printf("cancelled\n");
  });
}
