// Sending coalesced heartbeats and reporting an unreachable replica take two locks in opposite orders.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <mutex>

class replica;

class store {
public:
  void send_queued_heartbeats();
  void add_response() { ++responses_; }

  sluice::mutex coalesced_mu{"coalesced_mu"};
  std::shared_ptr<replica> target;

private:
  int responses_ = 0;
};

class replica {
public:
  explicit replica(std::weak_ptr<store> s) : store_(std::move(s)) {}

  void report_unreachable() {
    std::lock_guard raft(raft_mu_); // sluice: lock-order-cycle
    ++unreachable_;
  }

  void tick() {
    std::lock_guard raft(raft_mu_);
    tick_locked();
  }

private:
  void tick_locked() {
    std::lock_guard own(mu_);
    maybe_coalesce();
  }

  void maybe_coalesce() {
    if (auto s = store_.lock()) {
      std::lock_guard coalesced(s->coalesced_mu); // sluice: lock-order-cycle
      s->add_response();
    }
  }

  std::weak_ptr<store> store_;
  sluice::mutex raft_mu_{"raft_mu"};
  sluice::mutex mu_{"mu"};
  int unreachable_ = 0;
};

void store::send_queued_heartbeats() {
#ifdef REPAIRED
  {
    std::lock_guard coalesced(coalesced_mu);
    ++responses_;
  }
  target->report_unreachable();
#else
  std::lock_guard coalesced(coalesced_mu);
  ++responses_;
  target->report_unreachable();
#endif
}

int main() {
  sluice::run([] {
    auto s = std::make_shared<store>();
    s->target = std::make_shared<replica>(s);
    sluice::chan<> done(2);
    sluice::go("send", [s, done] {
      s->send_queued_heartbeats();
      done.send({});
    });
    sluice::go("raft", [r = s->target, done] {
      r->tick();
      done.send({});
    });
    sluice::sleep_for(std::chrono::milliseconds(20));
  });
}
