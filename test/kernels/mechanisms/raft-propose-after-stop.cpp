// Proposals go to a node's loop over an unbuffered channel; once the loop has been stopped nobody
// takes them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <optional>
#include <vector>

struct entry {
  int term = 0;
  int value = 0;
};

class node_api {
public:
  virtual ~node_api() = default;
  virtual bool propose(entry e) = 0;
  virtual void tick() = 0;
  virtual void stop() = 0;
};

class node : public node_api, public std::enable_shared_from_this<node> {
public:
  static std::shared_ptr<node_api> start() {
    auto n = std::make_shared<node>();
    sluice::go("raft", [n] { n->run(); });
    return n;
  }

  bool propose(entry e) override {
#ifdef REPAIRED
    switch (sluice::select(sluice::on_send(propc_, e), sluice::on_recv(done_))) {
    case 0:
      return true;
    default:
      return false;
    }
#else
    propc_.send(e); // sluice: unreceived-send
    return true;
#endif
  }

  void tick() override {
    sluice::select(sluice::on_send(tickc_, {}), sluice::on_recv(done_), sluice::otherwise());
  }

  void stop() override {
    switch (sluice::select(sluice::on_send(stopc_, {}), sluice::on_recv(done_))) {
    case 1:
      return;
    }
    done_.recv();
  }

private:
  void run() {
    int elapsed = 0;
    std::vector<entry> log;
    for (;;) {
      std::optional<entry> proposed;
      switch (sluice::select(sluice::on_recv(propc_, proposed), sluice::on_recv(tickc_),
                             sluice::on_recv(stopc_))) {
      case 0:
        proposed->term = term_;
        log.push_back(*proposed);
        break;
      case 1:
        if (++elapsed > 10) {
          elapsed = 0;
          ++term_;
        }
        break;
      case 2:
        done_.close();
        return;
      }
    }
  }

  int term_ = 1;
  sluice::chan<entry> propc_;
  sluice::chan<> tickc_;
  sluice::chan<> stopc_;
  sluice::chan<> done_;
};

class client {
public:
  explicit client(std::shared_ptr<node_api> n) : node_(std::move(n)) {}
  void write(int value) { node_->propose({0, value}); }

private:
  std::shared_ptr<node_api> node_;
};

int main() {
  sluice::run([] {
    auto n = node::start();
    sluice::go("client", [n] {
      client c(n);
      c.write(1);
      c.write(2);
    });
    n->tick();
    n->stop();
  });
}
