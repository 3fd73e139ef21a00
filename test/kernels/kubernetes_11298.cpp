// On abort the condition is signalled before the waiting task is inside its wait.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <mutex>

class notifier {
public:
  explicit notifier(sluice::recv_chan<> abort) : abort_(abort) {}

  sluice::recv_chan<> start() {
    sluice::go("notifier", [this] { run(); });
    return finished_;
  }

private:
  void run() {
    sluice::go("waiter", [this] { wait_for_state(); });
    abort_.recv();
#ifdef REPAIRED
    {
      std::lock_guard hold(mu_);
      aborted_ = true;
    }
#endif
    changed_.notify_one();
    waiter_done_.recv(); // sluice: starved-receive
    finished_.close();
  }

  void wait_for_state() {
    {
      std::unique_lock hold(mu_);
#ifdef REPAIRED
      changed_.wait(hold, [this] { return aborted_; });
#else
      changed_.wait(hold); // sluice: lost-notify
#endif
    }
    waiter_done_.close();
  }

  sluice::mutex mu_;
  sluice::condition_variable changed_;
  sluice::recv_chan<> abort_;
  sluice::chan<> waiter_done_;
  sluice::chan<> finished_;
  bool aborted_ = false;
};

int main() {
  sluice::run([] {
    sluice::chan<> abort;
    notifier n(abort);
    sluice::recv_chan<> finished = n.start();
    abort.close();
    finished.recv();
  });
}
