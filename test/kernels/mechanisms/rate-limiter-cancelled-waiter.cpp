// A limiter hands a token to the first waiter in line, who has given up in the meantime.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <chrono>
#include <list>
#include <memory>
#include <mutex>

using namespace std::chrono_literals;

class limiter {
  struct waiter {
    sluice::chan<> granted;
  };

public:
  bool acquire(const sluice::context &ctx) {
    auto w = std::make_shared<waiter>();
    {
      std::lock_guard l(mu_);
      if (free_ > 0) {
        --free_;
        return true;
      }
      waiting_.push_back(w);
    }
    switch (sluice::select(sluice::on_recv(w->granted), sluice::on_recv(ctx.done()))) {
    case 0:
      return true;
    case 1:
      return false;
    }
    return false;
  }

  void release() {
    std::shared_ptr<waiter> next;
    {
      std::lock_guard l(mu_);
      if (waiting_.empty()) {
        ++free_;
        return;
      }
      next = waiting_.front();
      waiting_.pop_front();
    }
#ifdef REPAIRED
    next->granted.close();
#else
    next->granted.send({}); // sluice: unreceived-send
#endif
  }

private:
  sluice::mutex mu_;
  int free_ = 1;
  std::list<std::shared_ptr<waiter>> waiting_;
};

int main() {
  sluice::run([] {
    limiter lim;
    auto [ctx, cancel] = sluice::with_timeout({}, 10ms);
    lim.acquire(ctx);
    sluice::chan<> done;
    sluice::go("second", [&lim, ctx = ctx, done] {
      if (lim.acquire(ctx))
        lim.release();
      done.close();
    });
    sluice::sleep_for(5ms);
    lim.release();
    done.recv();
    cancel();
  });
}
