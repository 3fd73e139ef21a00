// An event bus calls its subscribers under its lock; one of them unsubscribes itself.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <functional>
#include <map>
#include <mutex>
#include <vector>

class bus {
public:
  using handler = std::function<void(int)>;
  int subscribe(handler h) {
    std::lock_guard hold(mu_);
    handlers_.emplace(next_, std::move(h));
    return next_++;
  }
  void unsubscribe(int id) {
    std::lock_guard hold(mu_); // sluice: double-lock
    handlers_.erase(id);
  }
  void publish(int value) {
#ifdef REPAIRED
    std::vector<handler> copies;
    {
      std::lock_guard hold(mu_);
      for (auto &[id, h] : handlers_)
        copies.push_back(h);
    }
    for (auto &h : copies)
      h(value);
#else
    std::lock_guard hold(mu_);
    for (auto &[id, h] : handlers_)
      h(value);
#endif
  }

private:
  sluice::mutex mu_;
  std::map<int, handler> handlers_;
  int next_ = 0;
};

int main() {
  sluice::run([] {
    bus b;
    int id = 0;
    id = b.subscribe([&](int) { b.unsubscribe(id); });
    b.publish(7);
  });
}
