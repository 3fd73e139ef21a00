// A thread that ends the object whose destructor joins that very thread waits for its own end.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes %s -- %flags 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

// Runs what it is given, one after the other, on a thread of its own.
class runner_bad {
public:
  runner_bad() : thread_([this] { loop(); }) {}
  ~runner_bad() {
    post(nullptr);
    // CHECK: :[[@LINE+1]]:5: warning: join of a task waits for ever [sluice-deadlock]
    thread_.join();
  }
  void post(std::function<void()> task) {
    std::lock_guard lock(mu_);
    tasks_.push_back(std::move(task));
    filled_.notify_one();
  }

private:
  void loop() {
    while (true) {
      std::function<void()> task;
      {
        std::unique_lock lock(mu_);
        filled_.wait(lock, [this] { return !tasks_.empty(); });
        task = tasks_.front();
        tasks_.pop_front();
      }
      if (!task)
        return;
      task();
    }
  }
  std::mutex mu_;
  std::condition_variable filled_;
  std::deque<std::function<void()>> tasks_;
  std::thread thread_;
};

void endsItselfBad() {
  auto *runner = new runner_bad;
  runner->post([runner] { delete runner; });
}

// Ended by another thread.
class runner_ok {
public:
  runner_ok() : thread_([this] { loop(); }) {}
  ~runner_ok() {
    post(nullptr);
    thread_.join();
  }
  void post(std::function<void()> task) {
    std::lock_guard lock(mu_);
    tasks_.push_back(std::move(task));
    filled_.notify_one();
  }

private:
  void loop() {
    while (true) {
      std::function<void()> task;
      {
        std::unique_lock lock(mu_);
        filled_.wait(lock, [this] { return !tasks_.empty(); });
        task = tasks_.front();
        tasks_.pop_front();
      }
      if (!task)
        return;
      task();
    }
  }
  std::mutex mu_;
  std::condition_variable filled_;
  std::deque<std::function<void()>> tasks_;
  std::thread thread_;
};

void endedByItsOwnerOk() {
  runner_ok runner;
  runner.post([] {});
}

void endedByAThirdOk() {
  auto *runner = new runner_ok;
  std::thread other([runner] { delete runner; });
  other.join();
}

// Looks who ends it.
class single_ok {
public:
  explicit single_ok(std::function<void()> task) : thread_(std::move(task)) {}
  ~single_ok() {
    if (std::this_thread::get_id() == thread_.get_id())
      thread_.detach();
    else
      thread_.join();
  }

private:
  std::thread thread_;
};

void looksFirstOk() {
  auto slot = std::make_shared<std::unique_ptr<single_ok>>();
  *slot = std::make_unique<single_ok>([slot] { slot->reset(); });
}

// Gives the thread up before it ends itself.
void detachedFirstOk() {
  struct shot {
    std::thread thread;
  };
  auto *one = new shot;
  one->thread = std::thread([] {});
  one->thread.detach();
  std::thread last([one] {
    if (one->thread.joinable())
      one->thread.join();
    delete one;
  });
  last.join();
}
