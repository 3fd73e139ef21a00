// The executor is stopped with a task in its queue; who waits for the result holds the queue.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <deque>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

class executor {
public:
  std::future<int> submit(int (*work)()) {
    std::packaged_task<int()> task(work);
    std::future<int> result = task.get_future();
    std::lock_guard hold(mutex_);
    queue_.push_back(std::move(task));
    return result;
  }
  void run_pending(bool stopping) {
    for (;;) {
      std::packaged_task<int()> next;
      {
        std::lock_guard hold(mutex_);
        if (queue_.empty())
          return;
#ifdef REPAIRED
        if (stopping) {
          queue_.clear();
          return;
        }
#else
        if (stopping)
          return;
#endif
        next = std::move(queue_.front());
        queue_.pop_front();
      }
      next();
    }
  }

private:
  std::mutex mutex_;
  std::deque<std::packaged_task<int()>> queue_;
};

static int answer() { return 42; }

int main() {
  executor e;
  std::future<int> result = e.submit(answer);
  std::thread worker([&] { e.run_pending(true); });
  try {
    result.get(); // sluice: unfulfilled-wait
  } catch (const std::future_error &) {
  }
  worker.join();
}
