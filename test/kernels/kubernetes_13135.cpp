// The cacher locks itself, then its watch cache; an event locks the watch cache, then the cacher.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <functional>
#include <memory>
#include <mutex>

class watch_cache {
public:
  void set_on_replace(std::function<void()> f) {
    std::lock_guard hold(mu_);
    on_replace_ = std::move(f);
  }
  void set_on_event(std::function<void()> f) {
    std::lock_guard hold(mu_);
    on_event_ = std::move(f);
  }

  void replace() {
    std::lock_guard hold(mu_); // sluice: lock-order-cycle
    if (on_replace_)
      on_replace_();
  }

  void add() {
    std::lock_guard hold(mu_);
    if (on_event_)
      on_event_();
  }

private:
  sluice::shared_mutex mu_;
  std::function<void()> on_replace_;
  std::function<void()> on_event_;
};

class cacher : public std::enable_shared_from_this<cacher> {
public:
  explicit cacher(std::shared_ptr<watch_cache> c) : cache_(std::move(c)) {}

  void start() {
    cache_->set_on_event([this] { process_event(); });
    auto self = shared_from_this();
    sluice::go("caching", [self] { self->run_until_stopped(); });
  }

  void wait_ready() { ready_.wait(); }
  void prepare() { ready_.add(1); }
  void stop() { stop_.close(); }

private:
  void run_until_stopped() {
    while (true) {
      start_caching();
      bool stopped = false;
      sluice::select(sluice::on_recv(stop_, [&](auto) { stopped = true; }), sluice::otherwise());
      if (stopped)
        return;
      sluice::yield();
    }
  }

  void start_caching() {
    std::unique_lock own(mu_);
    started_.call([this] { cache_->set_on_replace([this] { ready_once_.call([this] { ready_.done(); }); }); });
#ifdef REPAIRED
    own.unlock();
#endif
    cache_->replace();
  }

  void process_event() {
    std::lock_guard own(mu_); // sluice: lock-order-cycle
    ++events_;
  }

  sluice::mutex mu_;
  sluice::once started_;
  sluice::once ready_once_;
  sluice::wait_group ready_;
  sluice::chan<> stop_;
  std::shared_ptr<watch_cache> cache_;
  int events_ = 0;
};

int main() {
  sluice::run([] {
    auto cache = std::make_shared<watch_cache>();
    auto c = std::make_shared<cacher>(cache);
    c->prepare();
    c->start();
    sluice::wait_group added;
    added.add(1);
    c->wait_ready();
    sluice::go("add", [cache, &added] {
      cache->add();
      added.done();
    });
    added.wait();
    c->stop();
  });
}
