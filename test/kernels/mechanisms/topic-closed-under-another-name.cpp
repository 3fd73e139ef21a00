// A bus closes another topic than the one its reader waits for.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <map>
#include <memory>
#include <sluice/sluice.hpp>
#include <string>
class bus {
public:
  void open(const std::string &topic) { topics_[topic] = sluice::chan<int>(1); }
  void publish(const std::string &topic, int v) {
    auto it = topics_.find(topic);
    if (it != topics_.end())
      it->second.send(v);
  }
  void close(const std::string &topic) {
    auto it = topics_.find(topic);
    if (it == topics_.end())
      return;
    it->second.close();
    topics_.erase(it);
  }
  sluice::recv_chan<int> get(const std::string &topic) { return topics_.at(topic); }

private:
  std::map<std::string, sluice::chan<int>> topics_;
};
int main() {
  sluice::run([] {
    bus b;
    b.open("x");
    b.open("y");
    auto r = b.get("x");
    sluice::go("reader", [r] {
      for (int v : r) // sluice: starved-receive
        (void)v;
    });
    b.publish("x", 1);
#ifdef REPAIRED
    b.close("x");
#else
    b.close("y");
#endif
  });
}
