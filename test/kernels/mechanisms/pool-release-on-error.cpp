// A connection that failed is not put back and nobody is told, so who waits for a free one waits
// for ever.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <cstdlib>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

class connection {
public:
  explicit connection(int id) : id_(id) {}
  std::optional<int> roundtrip(int request) {
    if (std::rand() % 4 == 0)
      return std::nullopt;
    return request + id_;
  }

private:
  int id_;
};

class pool {
public:
  explicit pool(int max) : max_(max) {}

  std::unique_ptr<connection> acquire() {
    std::unique_lock l(mu_);
    available_.wait(l, [this] { return !idle_.empty() || open_ < max_; }); // sluice: lost-notify
    if (!idle_.empty()) {
      auto c = std::move(idle_.front());
      idle_.pop_front();
      return c;
    }
    ++open_;
    return std::make_unique<connection>(open_);
  }

  void release(std::unique_ptr<connection> c) {
    {
      std::lock_guard l(mu_);
      idle_.push_back(std::move(c));
    }
    available_.notify_one();
  }

  void discard(std::unique_ptr<connection> c) {
    c.reset();
#ifdef REPAIRED
    std::lock_guard l(mu_);
    --open_;
    available_.notify_one();
#endif
  }

private:
  sluice::mutex mu_;
  sluice::condition_variable available_;
  std::deque<std::unique_ptr<connection>> idle_;
  const int max_;
  int open_ = 0;
};

class backend {
public:
  explicit backend(pool &p) : pool_(p) {}
  std::optional<int> call(int request) {
    auto c = pool_.acquire();
    auto reply = c->roundtrip(request);
    if (!reply) {
      pool_.discard(std::move(c));
      return std::nullopt;
    }
    pool_.release(std::move(c));
    return reply;
  }

private:
  pool &pool_;
};

int main() {
  sluice::run([] {
    pool p(1);
    backend b(p);
    sluice::wait_group wg;
    for (int i = 0; i < 2; ++i) {
      wg.add(1);
      sluice::go("caller", [&, i] {
        sluice::defer done([&] { wg.done(); });
        b.call(i);
      });
    }
    wg.wait(); // sluice: lost-notify
  });
}
