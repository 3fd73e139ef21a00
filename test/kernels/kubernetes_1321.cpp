// distribute() sends to the watchers under the lock that a watcher's stop needs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <map>
#include <memory>
#include <mutex>

class mux;

class mux_watcher {
public:
  mux_watcher(int id, mux &m) : id_(id), mux_(m) {}
  sluice::recv_chan<int> result() const { return result_; }
  void stop();

private:
  friend class mux;
  sluice::chan<int> result_;
  int id_;
  mux &mux_;
};

class mux {
public:
  std::shared_ptr<mux_watcher> watch() {
    std::lock_guard hold(mu_);
    watcher_ = std::make_shared<mux_watcher>(1, *this);
    return watcher_;
  }

  void stop_watching(int) {
    std::lock_guard hold(mu_);
    if (watcher_)
      watcher_->result_.close();
    watcher_ = nullptr;
  }

  void distribute(int event) {
    std::lock_guard hold(mu_);
    if (watcher_) {
#ifdef REPAIRED
      watcher_->result_.try_send(event);
#else
      watcher_->result_.send(event); // sluice: blocking-under-lock
#endif
    }
  }

private:
  sluice::mutex mu_;
  std::shared_ptr<mux_watcher> watcher_;
};

void mux_watcher::stop() { mux_.stop_watching(id_); }

int main() {
  sluice::run([] {
    auto m = std::make_shared<mux>();
    auto w = m->watch();
    sluice::go("distribute", [m] { m->distribute(1); });
    sluice::go("stop", [m, w] { w->stop(); });
    sluice::sleep_for(std::chrono::milliseconds(20));
  });
}
