// Quiescing holds the mutex while it waits for tasks that end only at the stop that comes afterwards.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <atomic>
#include <memory>
#include <mutex>

class stopper {
public:
  bool start_task() {
    std::lock_guard hold(mu_);
    if (draining_.load())
      return false;
    drain_.add(1);
    return true;
  }

  void finish_task() { drain_.done(); }

  void add_worker() { stop_.add(1); }
  void set_stopped() { stop_.done(); }
  sluice::recv_chan<> should_stop() const { return stopper_; }

  void stop() {
#ifdef REPAIRED
    stopper_.close();
    quiesce();
#else
    quiesce();
    stopper_.close();
#endif
    stop_.wait();
  }

private:
  void quiesce() {
    std::lock_guard hold(mu_);
    draining_ = true;
    drain_.wait(); // sluice: blocking-under-lock
  }

  sluice::mutex mu_;
  std::atomic<bool> draining_{false};
  sluice::wait_group drain_;
  sluice::wait_group stop_;
  sluice::chan<> stopper_;
};

void work(std::shared_ptr<stopper> s) {
  if (s->start_task()) {
    s->should_stop().recv();
    s->finish_task();
  }
  s->set_stopped();
}

int main() {
  sluice::run([] {
    auto s = std::make_shared<stopper>();
    for (int i = 0; i < 3; ++i) {
      s->add_worker();
      sluice::go("worker", [s] { work(s); });
    }
    sluice::chan<> done;
    sluice::go("stop", [s, done] {
      s->stop();
      done.close();
    });
    done.recv();
  });
}
