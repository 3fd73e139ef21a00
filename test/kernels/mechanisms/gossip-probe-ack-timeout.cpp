// A prober registers a handler for the ack and waits with a timeout; a late ack is delivered to
// nobody.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

using namespace std::chrono_literals;

struct ack_message {
  unsigned seq = 0;
  bool complete = false;
};

class transport {
public:
  virtual ~transport() = default;
  virtual void ping(unsigned seq) = 0;
};

class memberlist {
public:
  void attach(std::shared_ptr<transport> t) { transport_ = std::move(t); }

  bool probe() {
    unsigned seq = next();
#ifdef REPAIRED
    sluice::chan<ack_message> acks(1);
#else
    sluice::chan<ack_message> acks;
#endif
    set_handler(seq, [acks](ack_message m) {
      acks.send(m); // sluice: unreceived-send
    });
    transport_->ping(seq);
    std::optional<ack_message> got;
    switch (sluice::select(sluice::on_recv(acks, got), sluice::on_recv(sluice::after(50ms)))) {
    case 0:
      return got->complete;
    default:
      return false;
    }
  }

  void on_ack(unsigned seq) {
    std::function<void(ack_message)> handler;
    {
      std::lock_guard l(mu_);
      auto it = handlers_.find(seq);
      if (it == handlers_.end())
        return;
      handler = std::move(it->second);
      handlers_.erase(it);
    }
    handler({seq, true});
  }

private:
  unsigned next() {
    std::lock_guard l(mu_);
    return ++seq_;
  }
  void set_handler(unsigned seq, std::function<void(ack_message)> f) {
    std::lock_guard l(mu_);
    handlers_[seq] = std::move(f);
  }

  sluice::mutex mu_;
  unsigned seq_ = 0;
  std::map<unsigned, std::function<void(ack_message)>> handlers_;
  std::shared_ptr<transport> transport_;
};

class loopback : public transport {
public:
  explicit loopback(memberlist &m) : members_(m) {}
  void ping(unsigned seq) override {
    sluice::go("ack", [this, seq] { members_.on_ack(seq); });
  }

private:
  memberlist &members_;
};

int main() {
  sluice::run([] {
    memberlist m;
    m.attach(std::make_shared<loopback>(m));
    bool alive = m.probe();
    sluice::sleep_for(100ms);
    return alive;
  });
}
