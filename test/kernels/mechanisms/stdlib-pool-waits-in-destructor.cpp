// A thread pool's destructor joins workers that wait on a queue nobody closed.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

class pool {
public:
  explicit pool(int n) {
    for (int i = 0; i < n; ++i)
      workers_.emplace_back([this] { run(); });
  }
  ~pool() {
#ifdef REPAIRED
    {
      std::lock_guard hold(mu_);
      closed_ = true;
    }
    wake_.notify_all();
#endif
    for (auto &w : workers_)
      w.join(); // sluice: lost-notify
  }
  void post(std::function<void()> job) {
    {
      std::lock_guard hold(mu_);
      jobs_.push_back(std::move(job));
    }
    wake_.notify_one();
  }

private:
  void run() {
    for (;;) {
      std::unique_lock hold(mu_);
      while (jobs_.empty() && !closed_)
        wake_.wait(hold); // sluice: lost-notify
      if (jobs_.empty())
        return;
      auto job = std::move(jobs_.front());
      jobs_.pop_front();
      hold.unlock();
      job();
    }
  }
  std::mutex mu_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> jobs_;
  bool closed_ = false;
  std::vector<std::thread> workers_;
};

int main() {
  pool p(2);
  p.post([] {});
}
