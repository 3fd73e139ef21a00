// Shrinking a pool tells each surplus worker over an unbuffered channel while it holds the lock
// that a busy worker wants.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

class pool {
public:
  using task = std::function<void(pool &)>;

  explicit pool(int n) {
    for (int i = 0; i < n; ++i)
      grow();
  }

  void submit(task t) { tasks_.send(std::move(t)); }

  int size() {
    std::lock_guard l(mu_); // sluice: blocking-under-lock
    return size_;
  }

  void resize(int n) {
    std::unique_lock l(mu_);
    int surplus = size_ - n;
    size_ = n;
#ifdef REPAIRED
    l.unlock();
#endif
    while (surplus-- > 0)
      quit_.send({}); // sluice: blocking-under-lock
  }

  void wait() { all_.wait(); }

private:
  void grow() {
    ++size_;
    all_.add(1);
    sluice::go("worker", [this] {
      loop();
      all_.done();
    });
  }

  void loop() {
    for (;;) {
      std::optional<task> t;
      switch (sluice::select(sluice::on_recv(tasks_, t), sluice::on_recv(quit_))) {
      case 0:
        (*t)(*this);
        break;
      case 1:
        return;
      }
    }
  }

  sluice::mutex mu_;
  int size_ = 0;
  sluice::chan<task> tasks_;
  sluice::chan<> quit_;
  sluice::wait_group all_;
};

int main() {
  sluice::run([] {
    pool p(1);
    p.submit([](pool &own) { (void)own.size(); });
    p.resize(0);
    p.wait();
  });
}
