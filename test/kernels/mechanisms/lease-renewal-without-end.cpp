// A lease is renewed by a loop whose context nobody cancels when the lease is given back.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>

class lease {
public:
  explicit lease(sluice::context parent) {
    auto made = sluice::with_cancel(parent);
    cancel_ = made.cancel;
    sluice::go("renew", [ctx = made.ctx] {
      sluice::ticker tick(std::chrono::milliseconds(5));
      for (;;) {
        switch (sluice::select(sluice::on_recv(tick.channel()), sluice::on_recv(ctx.done()))) { // sluice: missing-cancellation
        case 0:
          break;
        case 1:
          return;
        }
      }
    });
  }
  void give_back() {
#ifdef REPAIRED
    cancel_();
#endif
  }

private:
  sluice::cancel_function cancel_;
};

int main() {
  sluice::run([] {
    auto l = std::make_unique<lease>(sluice::context::background());
    l->give_back();
    sluice::sleep_for(std::chrono::milliseconds(20));
  });
}
