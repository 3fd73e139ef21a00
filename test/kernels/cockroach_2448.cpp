// The event loop sends to the store while the store, in its callback, sends to the event loop.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <functional>
#include <memory>

class stopper {
public:
  sluice::recv_chan<> should_stop() const { return stop_; }
  void stop() { stop_.close(); }

private:
  sluice::chan<> stop_;
};

class multi_raft {
public:
  struct event {
    int committed;
  };
  explicit multi_raft(std::shared_ptr<stopper> s) : stopper_(std::move(s)) {}

  void start() {
    sluice::go("raft loop", [this] {
      while (true) {
        std::optional<std::function<void()>> callback;
        switch (sluice::select(sluice::on_recv(stopper_->should_stop()), sluice::on_recv(callbacks_, callback),
                               sluice::on_recv(requests_))) {
        case 0:
          return;
        case 1:
          (*callback)();
          break;
        case 2:
          commit();
          break;
        }
      }
    });
  }

  void propose() {
    sluice::select(sluice::on_send(requests_, sluice::unit{}), sluice::on_recv(stopper_->should_stop()));
  }

  void remove_group() {
#ifdef REPAIRED
    sluice::select(sluice::on_send(callbacks_, [] {}), sluice::on_recv(stopper_->should_stop()));
#else
    callbacks_.send([] {}); // sluice: unreceived-send
#endif
  }

  sluice::recv_chan<event> events() const { return events_; }

private:
  void commit() {
#ifdef REPAIRED
    sluice::select(sluice::on_send(events_, event{1}), sluice::on_recv(stopper_->should_stop()));
#else
    events_.send({1}); // sluice: unreceived-send
#endif
  }

  std::shared_ptr<stopper> stopper_;
  sluice::chan<std::function<void()>> callbacks_;
  sluice::chan<> requests_;
  sluice::chan<event> events_;
};

class store {
public:
  store(std::shared_ptr<multi_raft> r, std::shared_ptr<stopper> s)
      : raft_(std::move(r)), stopper_(std::move(s)) {}

  void start() {
    sluice::go("store", [this] {
      while (true) {
        std::optional<multi_raft::event> e;
        switch (sluice::select(sluice::on_recv(stopper_->should_stop()), sluice::on_recv(raft_->events(), e))) {
        case 0:
          return;
        case 1:
          apply(*e);
          break;
        }
      }
    });
  }

private:
  void apply(multi_raft::event) { raft_->remove_group(); }

  std::shared_ptr<multi_raft> raft_;
  std::shared_ptr<stopper> stopper_;
};

int main() {
  sluice::run([] {
    auto stop = std::make_shared<stopper>();
    auto raft = std::make_shared<multi_raft>(stop);
    store s(raft, stop);
    raft->start();
    s.start();
    raft->propose();
    raft->propose();
    sluice::sleep_for(std::chrono::milliseconds(10));
    stop->stop();
    sluice::sleep_for(std::chrono::milliseconds(10));
  });
}
