// The broadcaster sends to its subscribers under the lock that a leaving subscriber needs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <map>
#include <mutex>

class hub {
public:
  sluice::recv_chan<int> subscribe(int id) {
    std::lock_guard hold(mu_);
    sluice::chan<int> c;
    subscribers_[id] = c;
    return c;
  }

  void unsubscribe(int id) {
    std::lock_guard hold(mu_); // sluice: blocking-under-lock
    subscribers_[id].close();
    subscribers_.erase(id);
  }

  void broadcast(int value) {
    std::lock_guard hold(mu_);
    for (auto &[id, c] : subscribers_) {
#ifdef REPAIRED
      (void)c.try_send(value);
#else
      c.send(value); // sluice: blocking-under-lock
#endif
    }
  }

private:
  sluice::mutex mu_;
  std::map<int, sluice::chan<int>> subscribers_;
};

int main() {
  sluice::run([] {
    hub h;
    sluice::recv_chan<int> mine = h.subscribe(1);
    sluice::wait_group done;
    done.add(1);
    sluice::go("listener", [&] {
      sluice::defer finished([&] { done.done(); });
      h.unsubscribe(1);
      while (mine.recv())
        ;
    });
    h.broadcast(7);
    done.wait();
  });
}
