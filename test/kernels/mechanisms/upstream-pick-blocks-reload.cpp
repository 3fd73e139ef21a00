// A balancer's pick waits for a ready upstream while it holds the read lock that marking one ready
// needs exclusively.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

struct upstream {
  explicit upstream(std::string h) : host(std::move(h)) {}
  std::string host;
  bool ready = false;
};

class balancer {
public:
  void add(std::string host) {
    std::unique_lock l(mu_);
    upstreams_.push_back(std::make_shared<upstream>(std::move(host)));
  }

  void mark_ready(std::size_t i) {
    {
      std::unique_lock l(mu_); // sluice: blocking-under-lock
      upstreams_[i]->ready = true;
    }
    changed_.try_send({});
  }

  std::shared_ptr<upstream> pick() {
    for (;;) {
#ifdef REPAIRED
      {
        std::shared_lock l(mu_);
        for (auto &u : upstreams_)
          if (u->ready)
            return u;
      }
      changed_.recv();
#else
      std::shared_lock l(mu_);
      for (auto &u : upstreams_)
        if (u->ready)
          return u;
      changed_.recv(); // sluice: blocking-under-lock
#endif
    }
  }

private:
  sluice::shared_mutex mu_;
  std::vector<std::shared_ptr<upstream>> upstreams_;
  sluice::chan<> changed_{1};
};

int main() {
  sluice::run([] {
    balancer b;
    b.add("a");
    sluice::go("health", [&b] { b.mark_ready(0); });
    auto u = b.pick();
    (void)u;
  });
}
