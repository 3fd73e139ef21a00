// After cancellation a draining task receives the answers of requests that nobody will make any more.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <mutex>

class replica {
public:
  /// Calls one() on as many tasks as there are ranges, and waits for all answers or the context.
  void begin_commands(sluice::context ctx, int ranges) {
    sluice::chan<int> answers;
    for (int i = 0; i < ranges; ++i)
      sluice::go("command", [this, ctx, answers] { command(ctx, answers); });
    for (int i = 0; i < ranges; ++i) {
      std::optional<int> got;
      switch (sluice::select(sluice::on_recv(answers, got), sluice::on_recv(ctx.done()))) {
      case 0:
        break;
      case 1:
        sluice::go("drain", [answers, left = ranges - i] { drain(answers, left); });
        return;
      }
    }
  }

private:
  void command(sluice::context ctx, sluice::chan<int> answers) {
    {
      std::lock_guard hold(mu_);
      ++started_;
    }
#ifndef REPAIRED
    if (ctx.err())
      return;
#else
    (void)ctx;
#endif
    answers.send(1);
  }

  static void drain(sluice::recv_chan<int> answers, int left) {
    for (int i = 0; i < left; ++i)
      answers.recv(); // sluice: starved-receive
  }

  sluice::mutex mu_;
  int started_ = 0;
};

int main() {
  sluice::run([] {
    auto [ctx, cancel] = sluice::with_cancel(sluice::context::background());
    auto r = std::make_shared<replica>();
    sluice::go([r, ctx = ctx] { r->begin_commands(ctx, 2); });
    cancel();
    sluice::sleep_for(std::chrono::milliseconds(10));
  });
}
