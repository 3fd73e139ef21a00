// Each worker ends when it takes an empty job; one such pill is pushed for two workers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <condition_variable>
#include <functional>
#include <mutex>
#include <queue>
#include <thread>

class Jobs {
public:
  void add(std::function<void()> job) {
    std::unique_lock<std::mutex> lock(mutex_);
    jobs_.push(std::move(job));
    lock.unlock();
    some_.notify_one();
  }
  std::function<void()> next() {
    std::unique_lock<std::mutex> lock(mutex_);
    some_.wait(lock, [this] { return !jobs_.empty(); });
    std::function<void()> job = std::move(jobs_.front());
    jobs_.pop();
    return job;
  }

private:
  std::mutex mutex_;
  std::condition_variable some_;
  std::queue<std::function<void()>> jobs_;
};

int main() {
  Jobs jobs;
  auto work = [&jobs] {
    while (std::function<void()> job = jobs.next()) // sluice: starved-receive
      job();
  };
  std::thread first(work), second(work);
  jobs.add([] {});
  jobs.add(nullptr);
#ifdef REPAIRED
  jobs.add(nullptr);
#endif
  first.join();
  second.join();
}
