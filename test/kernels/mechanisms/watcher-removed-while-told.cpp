// A broadcaster tells each watcher over an unbuffered channel; a watcher that stops reads no more.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <map>
#include <memory>
#include <mutex>

struct event {
  int revision = 0;
};

class watcher {
public:
  sluice::recv_chan<event> events() const { return events_; }
  void stop() { stopped_.close(); }
  void tell(const event &e) {
#ifdef REPAIRED
    sluice::select(sluice::on_send(events_, e), sluice::on_recv(stopped_));
#else
    events_.send(e); // sluice: unreceived-send
#endif
  }

private:
  sluice::chan<event> events_;
  sluice::chan<> stopped_;
};

class broadcaster {
public:
  std::shared_ptr<watcher> watch() {
    std::lock_guard hold(mu_);
    auto w = std::make_shared<watcher>();
    watchers_[next_++] = w;
    return w;
  }

  void run(sluice::recv_chan<event> incoming) {
    for (const event &e : incoming)
      distribute(e);
  }

private:
  void distribute(const event &e) {
    std::map<int, std::shared_ptr<watcher>> told;
    {
      std::lock_guard hold(mu_);
      told = watchers_;
    }
    for (auto &[id, w] : told)
      w->tell(e);
  }

  sluice::mutex mu_;
  std::map<int, std::shared_ptr<watcher>> watchers_;
  int next_ = 0;
};

int main() {
  sluice::run([] {
    auto b = std::make_shared<broadcaster>();
    sluice::chan<event> incoming(2);
    auto w = b->watch();
    sluice::go("broadcast", [b, incoming] { b->run(incoming); });
    incoming.send({1});
    incoming.send({2});
    incoming.close();
    w->events().recv();
    w->stop();
    sluice::sleep_for(std::chrono::milliseconds(20));
  });
}
