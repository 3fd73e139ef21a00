// A subscriber of a typed bus leaves without saying so, and the next event waits for it under the lock.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <algorithm>
#include <mutex>
#include <vector>

template <typename Event> class bus {
public:
  sluice::chan<Event> subscribe() {
    std::lock_guard hold(mu_);
    sluice::chan<Event> c;
    subscribers_.push_back(c);
    return c;
  }

  void publish(const Event &e) {
    std::lock_guard hold(mu_);
    for (auto &subscriber : subscribers_)
#ifdef REPAIRED
      subscriber.try_send(e);
#else
      subscriber.send(e); // sluice: unreceived-send
#endif
  }

private:
  sluice::mutex mu_;
  std::vector<sluice::chan<Event>> subscribers_;
};

struct changed {
  int id;
};

int main() {
  sluice::run([] {
    bus<changed> b;
    auto mine = b.subscribe();
    sluice::wait_group done;
    done.add(1);
    sluice::go("listen", [&, mine] {
      mine.recv_for(std::chrono::milliseconds(1));
      done.done();
    });
    b.publish({7});
    done.wait();
  });
}
