// A reporter ticks until it is stopped; its last report goes to a sink that was closed before.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <chrono>
#include <memory>
#include <utility>

using namespace std::chrono_literals;

struct sample {
  int value = 0;
};

class sink {
public:
  sluice::recv_chan<sample> samples() const { return samples_; }
  void emit(sample s) { samples_.send(s); } // sluice: unreceived-send

private:
  sluice::chan<sample> samples_;
};

class reporter {
public:
  explicit reporter(std::shared_ptr<sink> to) : to_(std::move(to)) {}

  void start() {
    sluice::go("report", [this] { run(); });
  }

  void stop() {
    quit_.close();
    done_.recv(); // sluice: unreceived-send
  }

private:
  void run() {
    sluice::ticker tick(10ms);
    for (;;) {
      switch (sluice::select(sluice::on_recv(tick.channel()), sluice::on_recv(quit_))) {
      case 0:
        ++count_;
        break;
      case 1:
        tick.stop();
#ifndef REPAIRED
        to_->emit({count_});
#endif
        done_.close();
        return;
      }
    }
  }

  std::shared_ptr<sink> to_;
  sluice::chan<> quit_, done_;
  int count_ = 0;
};

class collector {
public:
  explicit collector(std::shared_ptr<sink> s) : from_(s->samples()) {}
  void run(const sluice::context &ctx) {
    while (auto s = from_.recv(ctx))
      total_ += s->value;
  }

private:
  sluice::recv_chan<sample> from_;
  int total_ = 0;
};

int main() {
  sluice::run([] {
    auto s = std::make_shared<sink>();
    reporter r(s);
    auto scope = sluice::with_cancel({});
    sluice::chan<> collected;
    sluice::go("collect", [s, ctx = scope.ctx, collected] {
      collector c(s);
      c.run(ctx);
      collected.close();
    });
    r.start();
    scope.cancel();
    collected.recv();
    r.stop();
  });
}
