// A retry loop stops its timer after a success and then waits for the timer's channel to be
// drained.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <chrono>
#include <cstdlib>
#include <functional>

using namespace std::chrono_literals;

class backoff {
public:
  backoff() : timer_(100ms) {}

  bool wait(const sluice::context &ctx) {
    timer_.reset(10ms);
    return sluice::select(sluice::on_recv(timer_.channel()), sluice::on_recv(ctx.done())) == 0;
  }

  void stop() {
#ifdef REPAIRED
    timer_.stop();
#else
    if (timer_.stop())
      timer_.channel().recv(); // sluice: starved-receive
#endif
  }

private:
  sluice::timer timer_;
};

template <class F> bool retry(const sluice::context &ctx, int times, F &&attempt) {
  backoff b;
  for (int i = 0; i < times; ++i) {
    if (attempt(i)) {
      b.stop();
      return true;
    }
    if (!b.wait(ctx))
      return false;
  }
  return false;
}

int main() {
  return sluice::run([] {
    auto scope = sluice::with_cancel({});
    sluice::defer end([&] { scope.cancel(); });
    return retry(scope.ctx, 3, [](int) { return std::rand() % 2 == 0; });
  });
}
