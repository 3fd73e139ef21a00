// The rate limit of examples/patterns/rate_limit.cpp as a loop that nothing can end.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// runtime: unfinished
#include <sluice/sluice.hpp>

#include <atomic>
#include <chrono>
#include <cstdio>

namespace {

using namespace std::chrono_literals;

class heartbeat {
public:
  void start() {
    sluice::go("heartbeat", [this] { beat(); });
  }

private:
  void beat() {
    sluice::ticker ticks(50ms);
    while (true) {
      ticks.channel().recv(); // sluice: missing-cancellation
      ++beats_;
    }
  }

  std::atomic<int> beats_{0};
};

heartbeat the_heartbeat;

} // namespace

int main() {
  sluice::run([] {
    the_heartbeat.start();
    sluice::sleep_for(5ms);
    std::printf("started\n");
  });
}
