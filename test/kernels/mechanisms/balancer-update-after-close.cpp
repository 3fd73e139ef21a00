// A resolver pushes addresses to a balancer that has been closed and no longer takes any.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <string>
#include <vector>

struct address {
  std::string host;
};

class watcher_iface {
public:
  virtual ~watcher_iface() = default;
  virtual std::vector<address> next(const sluice::context &ctx) = 0;
};

class static_resolver final : public watcher_iface {
public:
  std::vector<address> next(const sluice::context &ctx) override {
    switch (sluice::select(sluice::on_recv(ctx.done()), sluice::on_recv(ready_))) {
    case 0:
      return {};
    default:
      return {{"10.0.0.1"}};
    }
  }
  void push() { sluice::select(sluice::on_send(ready_, {}), sluice::otherwise()); }

private:
  sluice::chan<> ready_{1};
};

class round_robin {
public:
  round_robin() {
    auto made = sluice::with_cancel(sluice::context::background());
    ctx_ = made.ctx;
    cancel_ = made.cancel;
  }

  void start(std::shared_ptr<watcher_iface> w) {
    sluice::go("watch addresses", [this, w] {
      while (watch_once(*w))
        ;
      stopped_.close();
    });
  }

  sluice::recv_chan<std::vector<address>> notify() const { return addrs_; }

  void close() {
    cancel_();
    stopped_.recv(); // sluice: unreceived-send
  }

private:
  bool watch_once(watcher_iface &w) {
    auto updates = w.next(ctx_);
    if (ctx_.err())
      return false;
#ifdef REPAIRED
    if (!addrs_.send(updates, ctx_))
      return false;
#else
    addrs_.send(updates); // sluice: unreceived-send
#endif
    return true;
  }

  sluice::context ctx_;
  sluice::cancel_function cancel_;
  sluice::chan<std::vector<address>> addrs_;
  sluice::chan<> stopped_;
};

int main() {
  sluice::run([] {
    auto resolver = std::make_shared<static_resolver>();
    round_robin balancer;
    balancer.start(resolver);
    resolver->push();
    auto first = balancer.notify().recv();
    resolver->push();
    balancer.close();
    (void)first;
  });
}
