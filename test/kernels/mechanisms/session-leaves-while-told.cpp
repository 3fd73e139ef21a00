// A hub tells its sessions under its lock; a session leaves the hub under its own.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <memory>
#include <mutex>
#include <sluice/sluice.hpp>
#include <vector>
class session;
class hub : public std::enable_shared_from_this<hub> {
public:
  void add(std::shared_ptr<session> s);
  void broadcast(int v);
  void leave(session *s);

private:
  sluice::mutex mu_{"hub"};
  std::vector<std::shared_ptr<session>> sessions_;
};
class session {
public:
  explicit session(std::weak_ptr<hub> h) : hub_(h) {}
  void deliver(int v) {
    std::lock_guard lk(mu_); // sluice: lock-order-cycle
    last_ = v;
  }
  void close() {
    std::unique_lock lk(mu_);
    closed_ = true;
#ifdef REPAIRED
    lk.unlock();
#endif
    if (auto h = hub_.lock())
      h->leave(this);
  }

private:
  sluice::mutex mu_{"session"};
  std::weak_ptr<hub> hub_;
  int last_ = 0;
  bool closed_ = false;
};
void hub::add(std::shared_ptr<session> s) {
  std::lock_guard lk(mu_);
  sessions_.push_back(s);
}
void hub::broadcast(int v) {
  std::lock_guard lk(mu_);
  for (auto &s : sessions_)
    s->deliver(v);
}
void hub::leave(session *s) {
  std::lock_guard lk(mu_);
  std::erase_if(sessions_, [s](auto &p) { return p.get() == s; });
}
int main() {
  sluice::run([] {
    auto h = std::make_shared<hub>();
    auto s = std::make_shared<session>(h);
    h->add(s);
    sluice::wait_group wg;
    wg.add(2);
    sluice::go([=, &wg] {
      h->broadcast(1);
      wg.done();
    });
    sluice::go([=, &wg] {
      s->close();
      wg.done();
    });
    wg.wait();
  });
}
