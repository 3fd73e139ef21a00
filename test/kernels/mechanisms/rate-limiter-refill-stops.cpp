// The refiller of a token bucket stops with its context; callers without a context wait for a token.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

class limiter {
public:
  explicit limiter(sluice::context ctx) {
    sluice::go("refill", [tokens = tokens_, ctx] {
      sluice::ticker tick(std::chrono::milliseconds(5));
      for (;;) {
        switch (sluice::select(sluice::on_recv(tick.channel()), sluice::on_recv(ctx.done()))) {
        case 0:
          tokens.try_send({});
          break;
        case 1:
#ifdef REPAIRED
          tokens.close();
#endif
          return;
        }
      }
    });
  }
  bool take() {
    return tokens_.recv().has_value(); // sluice: starved-receive
  }

private:
  sluice::chan<> tokens_{1};
};

int main() {
  sluice::run([] {
    auto [ctx, cancel] = sluice::with_cancel(sluice::context::background());
    limiter l(ctx);
    sluice::chan<> done(1);
    sluice::go("caller", [&] {
      while (l.take())
        ;
      done.send({});
    });
    sluice::sleep_for(std::chrono::milliseconds(20));
    cancel();
    done.recv(); // sluice: starved-receive
  });
}
