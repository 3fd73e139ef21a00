// A server with background jobs, whose shutdown cancels them and then waits.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Use it for anything with a start and a stop. Waiting alone would wait for ever: the jobs end only
// because the context they were given is cancelled first.
#include <sluice/sluice.hpp>

#include <atomic>
#include <chrono>
#include <cstdio>

namespace {

using namespace std::chrono_literals;

/// Keeps a cache fresh, writes statistics, and serves requests, all in the background.
class server {
public:
  /// Takes requests from the channel until it is shut down.
  explicit server(sluice::recv_chan<int> requests) : requests_(requests) {}
  ~server() { shut_down(); }

  void start() {
    auto [ctx, cancel] = sluice::with_cancel(sluice::context::background());
    cancel_ = cancel;
    jobs_.add(3);
    sluice::go("serve", [this, ctx = ctx] { serve(ctx); });
    sluice::go("refresh", [this, ctx = ctx] { every(ctx, 2ms, refreshed_); });
    sluice::go("statistics", [this, ctx = ctx] { every(ctx, 3ms, written_); });
  }

  void shut_down() {
    cancel_();
    jobs_.wait();
  }

  int served() const { return served_; }

private:
  void serve(sluice::context ctx) {
    sluice::defer done([this] { jobs_.done(); });
    while (sluice::select(sluice::on_recv(requests_), sluice::on_recv(ctx.done())) == 0)
      ++served_;
  }

  void every(sluice::context ctx, std::chrono::milliseconds period, std::atomic<int> &count) {
    sluice::defer done([this] { jobs_.done(); });
    sluice::ticker ticks(period);
    while (sluice::select(sluice::on_recv(ticks.channel()), sluice::on_recv(ctx.done())) == 0)
      ++count;
  }

  sluice::recv_chan<int> requests_;
  sluice::cancel_function cancel_;
  sluice::wait_group jobs_;
  std::atomic<int> served_{0};
  std::atomic<int> refreshed_{0};
  std::atomic<int> written_{0};
};

} // namespace

int main() {
  sluice::run([] {
    sluice::chan<int> requests;
    server one(requests);
    one.start();
    for (int i = 0; i < 5; ++i)
      requests.send(i);
    one.shut_down();
    std::printf("served %d\n", one.served());
  });
}
