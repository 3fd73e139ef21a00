// The balancer's watcher ends its range without closing the channel that the dialling task waits for.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <string>
#include <vector>

using addresses = std::vector<std::string>;

class balancer {
public:
  virtual ~balancer() = default;
  virtual sluice::recv_chan<addresses> notify() = 0;
  virtual void close() = 0;
};

class simple_balancer : public balancer {
public:
  sluice::recv_chan<addresses> notify() override { return updates_; }
  void close() override { updates_.close(); }

private:
  sluice::chan<addresses> updates_;
};

class client_conn {
public:
  explicit client_conn(std::shared_ptr<balancer> b) : balancer_(std::move(b)) {}

  void lb_watcher(sluice::send_chan<> done) {
    for (addresses a : balancer_->notify()) {
      if (a.empty())
        continue;
      done.close();
      return;
    }
#ifdef REPAIRED
    done.close();
#endif
  }

private:
  std::shared_ptr<balancer> balancer_;
};

int main() {
  sluice::run([] {
    auto b = std::make_shared<simple_balancer>();
    auto conn = std::make_shared<client_conn>(b);
    sluice::chan<> ready;
    sluice::go("watch", [conn, ready] { conn->lb_watcher(ready); });
    sluice::go("dial", [ready] {
      ready.recv(); // sluice: starved-receive
    });
    b->close();
    sluice::sleep_for(std::chrono::milliseconds(10));
  });
}
