// pop() waits in a select under the lock, and its way out opens only when main has got that lock.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <mutex>

class processor_listener {
public:
  void run(sluice::recv_chan<> stop) {
    std::unique_lock hold(mu_);
    while (true) {
      if (pending_ == 0) {
        // Wait for something to hand on, or for the end.
#ifdef REPAIRED
        hold.unlock();
#endif
        std::optional<int> got;
        int which = static_cast<int>(
            sluice::select(sluice::on_recv(stop), sluice::on_recv(next_, got))); // sluice: blocking-under-lock
#ifdef REPAIRED
        hold.lock();
#endif
        if (which == 0)
          return;
        ++pending_;
      } else {
        --pending_;
      }
    }
  }

  void add() {
    std::lock_guard hold(mu_);
    ++pending_;
  }

private:
  sluice::mutex mu_;
  sluice::chan<int> next_;
  int pending_ = 0;
};

int main() {
  sluice::run([] {
    sluice::chan<> stop;
    auto listener = std::make_shared<processor_listener>();
    {
      sluice::defer finished([&] { stop.close(); });
      sluice::go("pop", [listener, stop] { listener->run(stop); });
      sluice::chan<> added;
      sluice::go("add", [listener, added] {
        listener->add();
        added.close();
      });
      added.recv();
    }
  });
}
