// Requests sent at a steady rate by a ticker that stops with the work.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Use it in front of a service that allows so many requests a second. The ticker is a local of the
// function that uses it, so leaving the function by any path stops it, and a wait for the next tick
// ends with the context.
#include <sluice/sluice.hpp>

#include <chrono>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;

/// Sends requests, one a period at most.
class limited_client {
public:
  explicit limited_client(std::chrono::milliseconds period) : period_(period) {}

  /// How many were sent before the context ended.
  int send_all(sluice::context ctx, const std::vector<std::string> &requests) {
    sluice::ticker ticks(period_);
    int sent = 0;
    for (const std::string &request : requests) {
      if (sluice::select(sluice::on_recv(ticks.channel()), sluice::on_recv(ctx.done())) == 1)
        break;
      std::printf("sent %s\n", request.c_str());
      ++sent;
    }
    return sent;
  }

private:
  std::chrono::milliseconds period_;
};

} // namespace

int main() {
  sluice::run([] {
    auto [ctx, cancel] = sluice::with_timeout(sluice::context::background(), 10s);
    sluice::defer on_exit([cancel = cancel] { cancel(); });
    limited_client client(5ms);
    std::printf("%d sent\n", client.send_all(ctx, {"first", "second", "third"}));
  });
}
