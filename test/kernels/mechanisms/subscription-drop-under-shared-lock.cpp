// Publishing holds the shared lock while it calls subscribers; one of them unsubscribes, which
// wants it exclusively.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>

template <typename Event> class hub {
public:
  using callback = std::function<void(const Event &)>;

  class subscription {
  public:
    subscription(hub *h, int id) : hub_(h), id_(id) {}
    subscription(subscription &&o) noexcept : hub_(std::exchange(o.hub_, nullptr)), id_(o.id_) {}
    ~subscription() { reset(); }
    void reset() {
      if (hub_)
        std::exchange(hub_, nullptr)->drop(id_);
    }

  private:
    hub *hub_;
    int id_;
  };

  std::unique_ptr<subscription> subscribe(callback f) {
    std::unique_lock l(mu_);
    int id = next_++;
    callbacks_[id] = std::move(f);
    return std::make_unique<subscription>(this, id);
  }

  void publish(const Event &e) {
#ifdef REPAIRED
    std::map<int, callback> copy;
    {
      std::shared_lock l(mu_);
      copy = callbacks_;
    }
    for (auto &[id, f] : copy)
      f(e);
#else
    std::shared_lock l(mu_);
    for (auto &[id, f] : callbacks_)
      f(e);
#endif
  }

private:
  void drop(int id) {
    std::unique_lock l(mu_); // sluice: double-lock
    callbacks_.erase(id);
  }

  sluice::shared_mutex mu_;
  std::map<int, callback> callbacks_;
  int next_ = 0;
};

struct tick {
  int n;
};

class once_listener {
public:
  explicit once_listener(hub<tick> &h) {
    sub_ = h.subscribe([this](const tick &) {
      ++seen_;
      sub_.reset();
    });
  }

private:
  std::unique_ptr<hub<tick>::subscription> sub_;
  int seen_ = 0;
};

int main() {
  sluice::run([] {
    hub<tick> h;
    once_listener l(h);
    h.publish({1});
    h.publish({2});
  });
}
