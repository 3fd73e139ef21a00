// unsubscribe() closes the channel that publish() has copied and is about to send on.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <map>
#include <mutex>
#include <vector>

class topic {
public:
  sluice::recv_chan<int> subscribe(int id) {
    std::lock_guard hold(mu_);
    return subs_.emplace(id, sluice::chan<int>(1)).first->second;
  }
  void unsubscribe(int id) {
    std::lock_guard hold(mu_);
    auto it = subs_.find(id);
    if (it == subs_.end())
      return;
#ifndef REPAIRED
    it->second.close();
#endif
    subs_.erase(it);
  }
  void publish(int v) {
    std::vector<sluice::chan<int>> targets;
    {
      std::lock_guard hold(mu_);
      for (auto &[id, c] : subs_)
        targets.push_back(c);
    }
    for (auto &c : targets)
      c.send(v); // sluice: closed-channel
  }

private:
  sluice::mutex mu_;
  std::map<int, sluice::chan<int>> subs_;
};

int main() {
  sluice::run([] {
    topic t;
    auto sub = t.subscribe(1);
    sluice::chan<> done(1);
    sluice::go("publish", [&] {
      t.publish(7);
      done.send({});
    });
    t.unsubscribe(1);
    done.recv();
  });
}
