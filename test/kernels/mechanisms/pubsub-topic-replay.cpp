// Subscribing replays the backlog into the subscriber's channel before the subscriber has been
// given it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

template <class T> class topic {
public:
  struct subscription {
    sluice::recv_chan<T> messages;
    int id;
  };

  void publish(const T &m) {
    std::lock_guard l(mu_);
    backlog_.push_back(m);
    for (auto &[id, c] : subscribers_)
      c.try_send(m);
  }

  subscription subscribe() {
    std::lock_guard l(mu_);
#ifdef REPAIRED
    sluice::chan<T> c(backlog_.size() + 1);
#else
    sluice::chan<T> c(1);
#endif
    for (const T &m : backlog_)
      c.send(m); // sluice: unreceived-send
    int id = next_++;
    subscribers_.emplace(id, c);
    return {c, id};
  }

  void unsubscribe(int id) {
    std::lock_guard l(mu_);
    auto it = subscribers_.find(id);
    if (it == subscribers_.end())
      return;
    it->second.close();
    subscribers_.erase(it);
  }

private:
  sluice::mutex mu_;
  std::vector<T> backlog_;
  std::map<int, sluice::chan<T>> subscribers_;
  int next_ = 0;
};

class broker {
public:
  topic<std::string> &open(const std::string &name) {
    std::lock_guard l(mu_);
    auto &slot = topics_[name];
    if (!slot)
      slot = std::make_unique<topic<std::string>>();
    return *slot;
  }

private:
  sluice::mutex mu_;
  std::map<std::string, std::unique_ptr<topic<std::string>>> topics_;
};

int main() {
  sluice::run([] {
    broker b;
    auto &news = b.open("news");
    news.publish("one");
    news.publish("two");
    auto sub = news.subscribe();
    auto first = sub.messages.recv();
    news.unsubscribe(sub.id);
    (void)first;
  });
}
