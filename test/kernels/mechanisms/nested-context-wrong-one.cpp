// A watch loop looks at the context of its caller; the subscription is ended through the context
// of its own.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <utility>

class subscription {
public:
  subscription(sluice::context parent, sluice::recv_chan<int> feed) : feed_(std::move(feed)) {
    auto own = sluice::with_cancel(parent);
    cancel_ = own.cancel;
#ifdef REPAIRED
    ctx_ = own.ctx;
#else
    ctx_ = parent;
#endif
    sluice::go("watch", [this, ctx = ctx_] { watch(ctx); });
  }

  void close() {
    cancel_();
    ended_.recv(); // sluice: starved-receive
  }

private:
  void watch(const sluice::context &ctx) {
    int last = 0;
    for (;;) {
      std::optional<int> v;
      auto ended = ctx.done();
      switch (sluice::select(sluice::on_recv(feed_, v), // sluice: starved-receive
                             sluice::on_recv(ended))) {
      case 0:
        last = v.value_or(last);
        break;
      case 1:
        ended_.close();
        return;
      }
    }
  }

  sluice::recv_chan<int> feed_;
  sluice::context ctx_;
  sluice::cancel_function cancel_;
  sluice::chan<> ended_;
};

int main() {
  sluice::run([] {
    auto [ctx, cancel] = sluice::with_cancel({});
    sluice::defer end([&, cancel = cancel] { cancel(); });
    sluice::chan<int> feed;
    subscription s(ctx, feed);
    feed.send(1);
    s.close();
  });
}
