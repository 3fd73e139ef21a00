// The server of examples/patterns/server_shutdown.cpp, whose shutdown waits before it cancels.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// runtime: deadlock
#include <sluice/sluice.hpp>

#include <atomic>
#include <cstdio>

namespace {

class server {
public:
  void start(sluice::recv_chan<int> requests) {
    auto [ctx, cancel] = sluice::with_cancel(sluice::context::background());
    cancel_ = cancel;
    jobs_.add(1);
    sluice::go("serve", [this, ctx = ctx, requests] { serve(ctx, requests); });
  }

  void shut_down() {
    jobs_.wait();
    cancel_();
  }

private:
  void serve(sluice::context ctx, sluice::recv_chan<int> requests) {
    while (sluice::select(sluice::on_recv(ctx.done()), // sluice: missing-cancellation
                          sluice::on_recv(requests)) == 1)
      ++served_;
    jobs_.done();
  }

  sluice::cancel_function cancel_;
  sluice::wait_group jobs_;
  std::atomic<int> served_{0};
};

} // namespace

int main() {
  sluice::run([] {
    sluice::chan<int> requests;
    server one;
    one.start(requests);
    requests.send(7);
    one.shut_down();
    std::printf("never printed\n");
  });
}
