// Shutting an event broadcaster down waits for its distributor, which waits for a watcher that is
// gone.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <map>
#include <memory>
#include <mutex>

namespace watch {

struct event {
  int type = 0;
};

class interface {
public:
  virtual ~interface() = default;
  virtual void stop() = 0;
  virtual sluice::recv_chan<event> result_chan() = 0;
};

class broadcaster;

class broadcaster_watcher : public interface {
public:
  broadcaster_watcher(broadcaster *b, long id, int queue) : result(queue), owner_(b), id_(id) {}
  void stop() override;
  sluice::recv_chan<event> result_chan() override { return result; }

  sluice::chan<event> result;
  sluice::chan<> stopped;

private:
  broadcaster *owner_;
  long id_;
};

class broadcaster {
public:
  explicit broadcaster(int queue) : queue_(queue), incoming_(25) {
    distributing_.add(1);
    sluice::go("distribute", [this] { loop(); });
  }

  std::shared_ptr<interface> watch() {
    std::lock_guard l(mu_);
    long id = next_++;
    auto w = std::make_shared<broadcaster_watcher>(this, id, queue_);
    watchers_[id] = w;
    return w;
  }

  void action(int type) { incoming_.send(event{type}); }

  void shutdown() {
    incoming_.close();
    distributing_.wait(); // sluice: unreceived-send
  }

  void stop_watching(long id) {
    std::shared_ptr<broadcaster_watcher> w;
    {
      std::lock_guard l(mu_);
      auto it = watchers_.find(id);
      if (it == watchers_.end())
        return;
      w = it->second;
      watchers_.erase(it);
    }
    w->stopped.close();
  }

private:
  void loop() {
    sluice::defer done([this] { distributing_.done(); });
    for (const event &e : incoming_)
      distribute(e);
    std::lock_guard l(mu_);
    for (auto &[id, w] : watchers_)
      w->result.close();
  }

  void distribute(const event &e) {
    std::map<long, std::shared_ptr<broadcaster_watcher>> copy;
    {
      std::lock_guard l(mu_);
      copy = watchers_;
    }
    for (auto &entry : copy) {
#ifdef REPAIRED
      sluice::select(sluice::on_send(entry.second->result, e),
                     sluice::on_recv(entry.second->stopped));
#else
      entry.second->result.send(e); // sluice: unreceived-send
#endif
    }
  }

  sluice::mutex mu_;
  int queue_;
  long next_ = 0;
  std::map<long, std::shared_ptr<broadcaster_watcher>> watchers_;
  sluice::chan<event> incoming_;
  sluice::wait_group distributing_;
};

void broadcaster_watcher::stop() { owner_->stop_watching(id_); }

} // namespace watch

int main() {
  sluice::run([] {
    watch::broadcaster b(0);
    auto w = b.watch();
    sluice::go("observer", [w] {
      w->result_chan().recv();
      w->stop();
    });
    b.action(1);
    b.action(2);
    b.shutdown();
  });
}
