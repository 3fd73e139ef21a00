// A keep-alive loop hands responses to listeners; halting it closes their channels only on one of
// its two ways out.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <system_error>
#include <vector>

struct response {
  long id = 0;
  int ttl = 0;
};

class keepalive_stream {
public:
  virtual ~keepalive_stream() = default;
  virtual std::error_code recv(response &out) = 0;
};

class scripted : public keepalive_stream {
public:
  explicit scripted(int good) : good_(good) {}
  std::error_code recv(response &out) override {
    if (good_-- <= 0)
      return std::make_error_code(std::errc::connection_reset);
    out = {1, 10};
    return {};
  }

private:
  int good_;
};

class lessor {
  struct entry {
    std::vector<sluice::chan<response>> listeners;
    void close() {
      for (auto &c : listeners)
        c.close();
    }
  };

public:
  explicit lessor(std::unique_ptr<keepalive_stream> s) : stream_(std::move(s)) {}

  sluice::recv_chan<response> keep_alive(long id) {
    sluice::chan<response> c(16);
    std::lock_guard l(mu_);
    entries_[id].listeners.push_back(c);
    return c;
  }

  void run(const sluice::context &ctx) {
    for (;;) {
      response r;
      std::error_code failed = stream_->recv(r);
      if (failed) {
#ifdef REPAIRED
        halt();
#endif
        return;
      }
      if (ctx.err()) {
        halt();
        return;
      }
      deliver(r);
    }
  }

private:
  void deliver(const response &r) {
    std::lock_guard l(mu_);
    auto it = entries_.find(r.id);
    if (it == entries_.end())
      return;
    for (auto &c : it->second.listeners)
      sluice::select(sluice::on_send(c, r), sluice::otherwise());
  }
  void halt() {
    std::lock_guard l(mu_);
    for (auto &[id, e] : entries_)
      e.close();
    entries_.clear();
  }

  std::unique_ptr<keepalive_stream> stream_;
  sluice::mutex mu_;
  std::map<long, entry> entries_;
};

int main() {
  sluice::run([] {
    lessor l(std::make_unique<scripted>(1));
    auto responses = l.keep_alive(1);
    sluice::wait_group wg;
    wg.add(1);
    sluice::go("listener", [responses, &wg] {
      for (response r : responses) // sluice: starved-receive
        (void)r.ttl;
      wg.done();
    });
    l.run({});
    wg.wait(); // sluice: starved-receive
  });
}
