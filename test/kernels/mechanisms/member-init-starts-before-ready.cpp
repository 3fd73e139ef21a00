// A monitor's constructor starts its task and waits for it to be ready; the task waits for the
// owner's configuration.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <string>
#include <utility>

class probe_loop {
public:
  explicit probe_loop(sluice::recv_chan<int> config) : config_(std::move(config)) {
    sluice::go("probe", [this] { run(); });
#ifndef REPAIRED
    ready_.recv(); // sluice: starved-receive
#endif
  }
  void await_ready() { ready_.recv(); }

private:
  void run() {
    int interval = config_.recv().value_or(1); // sluice: starved-receive
    interval_ = interval;
    ready_.close();
  }

  sluice::recv_chan<int> config_;
  sluice::chan<> ready_;
  int interval_ = 0;
};

class monitor {
public:
  explicit monitor(int interval) : interval_(interval), probes_(config_) {
    config_.send(interval_);
    probes_.await_ready();
  }
  const std::string &name() const { return name_; }

private:
  int interval_;
  sluice::chan<int> config_;
  probe_loop probes_;
  std::string name_ = "monitor";
};

int main() {
  sluice::run([] {
    auto m = std::make_unique<monitor>(5);
    (void)m->name();
  });
}
