// The agent leaves its loop while the tasks that run the proxy still want to report how it ended.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <functional>
#include <memory>
#include <mutex>

using namespace std::chrono_literals;

struct exit_status {
  int epoch;
  bool aborted;
};

class agent : public std::enable_shared_from_this<agent> {
public:
  explicit agent(std::function<bool()> start_proxy) : start_proxy_(std::move(start_proxy)) {}

  void restart() {
    std::lock_guard hold(mu_);
    int epoch = current_epoch_++;
    auto self = shared_from_this();
    sluice::go("proxy", [self, epoch] { self->run_wait(epoch); });
  }

  void run(sluice::context ctx) {
    sluice::ticker health(2ms);
    while (true) {
      std::optional<exit_status> status;
      switch (sluice::select(sluice::on_recv(statuses_, status), sluice::on_recv(health.channel()),
                             sluice::on_recv(ctx.done()))) {
      case 0:
        if (status && status->aborted)
          return;
        break;
      case 1:
        break;
      case 2:
        return;
      }
    }
  }

private:
  void run_wait(int epoch) {
    bool failed = !start_proxy_();
    statuses_.send({epoch, failed}); // sluice: unreceived-send
  }

  sluice::mutex mu_;
  int current_epoch_ = 0;
  std::function<bool()> start_proxy_;
#ifdef REPAIRED
  sluice::chan<exit_status> statuses_{2};
#else
  sluice::chan<exit_status> statuses_;
#endif
};

int main() {
  sluice::run([] {
    auto [ctx, cancel] = sluice::with_timeout(sluice::context::background(), 10ms);
    sluice::defer stop([&cancel = cancel] { cancel(); });
    auto a = std::make_shared<agent>([] {
      sluice::sleep_for(20ms);
      return false;
    });
    a->restart();
    a->restart();
    a->run(ctx);
    sluice::sleep_for(30ms);
  });
}
