// A worker pool over its own closable queue; the destructor joins the workers and forgets to close it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <condition_variable>
#include <functional>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

template <class T> class WorkQueue {
public:
  void push(T work) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      work_.push(std::move(work));
    }
    some_.notify_one();
  }
  bool pop(T &work) {
    std::unique_lock<std::mutex> lock(mutex_);
    while (work_.empty() && !done_)
      some_.wait(lock);
    if (work_.empty())
      return false;
    work = std::move(work_.front());
    work_.pop();
    return true;
  }
  void finish() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      done_ = true;
    }
    some_.notify_all();
  }

private:
  std::mutex mutex_;
  std::condition_variable some_;
  std::queue<T> work_;
  bool done_ = false;
};

class Pool {
public:
  explicit Pool(int workers) {
    for (int i = 0; i < workers; ++i)
      workers_.emplace_back([this] { work(); });
  }
  ~Pool() {
#ifdef REPAIRED
    queue_.finish();
#endif
    for (std::thread &t : workers_)
      t.join();
  }
  void submit(std::function<void()> job) { queue_.push(std::move(job)); }

private:
  void work() {
    std::function<void()> job;
    while (queue_.pop(job)) // sluice: starved-receive
      job();
  }
  WorkQueue<std::function<void()>> queue_;
  std::vector<std::thread> workers_;
};

int main() {
  Pool pool(2);
  pool.submit([] {});
}
