// A class that nobody in sight uses up is judged with a client who calls what helps.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks='-undirected-channel' %s -- %flags 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <sluice/sluice.hpp>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

// The destructor joins a worker that nobody wakes.
class JoinsUnwokenBad {
public:
  JoinsUnwokenBad() : worker_([this] { run(); }) {}
  ~JoinsUnwokenBad() {
    {
      std::lock_guard hold(mu_);
      stop_ = true;
    }
    worker_.join();
  }
  void post(int job) {
    std::lock_guard hold(mu_);
    jobs_.push_back(job);
    ready_.notify_one();
  }

private:
  void run() {
    std::unique_lock hold(mu_);
    while (!stop_) {
      while (jobs_.empty() && !stop_)
        // CHECK: :[[@LINE+1]]:9: warning: {{.*}} [sluice-lost-notify]
        ready_.wait(hold);
      if (!jobs_.empty())
        jobs_.pop_front();
    }
  }
  std::mutex mu_;
  std::condition_variable ready_;
  std::deque<int> jobs_;
  bool stop_ = false;
  std::thread worker_;
};

// The same, woken.
class JoinsWokenOk {
public:
  JoinsWokenOk() : worker_([this] { run(); }) {}
  ~JoinsWokenOk() {
    {
      std::lock_guard hold(mu_);
      stop_ = true;
    }
    ready_.notify_all();
    worker_.join();
  }
  void post(int job) {
    std::lock_guard hold(mu_);
    jobs_.push_back(job);
    ready_.notify_one();
  }

private:
  void run() {
    std::unique_lock hold(mu_);
    while (!stop_) {
      while (jobs_.empty() && !stop_)
        ready_.wait(hold);
      if (!jobs_.empty())
        jobs_.pop_front();
    }
  }
  std::mutex mu_;
  std::condition_variable ready_;
  std::deque<int> jobs_;
  bool stop_ = false;
  std::thread worker_;
};

// A stop that sets a flag and never closes the queue: the worker stays in its receive.
class FlagWithoutCloseBad {
public:
  FlagWithoutCloseBad() {
    done_.add(1);
    sluice::go("worker", [this] {
      while (!stop_)
        // CHECK: :[[@LINE+1]]:9: warning: {{.*}} [sluice-starved-receive]
        jobs_.recv();
      done_.done();
    });
  }
  ~FlagWithoutCloseBad() { stop(); }
  void post(int job) {
    if (!stop_)
      jobs_.send(job);
  }
  void stop() {
    if (stop_.exchange(true))
      return;
    done_.wait();
  }

private:
  std::atomic<bool> stop_{false};
  sluice::chan<int> jobs_{16};
  sluice::wait_group done_;
};

class FlagAndCloseOk {
public:
  FlagAndCloseOk() {
    sluice::go("worker", [this] {
      while (jobs_.recv())
        ;
      done_.close();
    });
  }
  ~FlagAndCloseOk() { stop(); }
  void post(int job) {
    if (!stop_)
      jobs_.send(job);
  }
  void stop() {
    if (stop_.exchange(true))
      return;
    jobs_.close();
    done_.recv();
  }

private:
  std::atomic<bool> stop_{false};
  sluice::chan<int> jobs_{16};
  sluice::chan<> done_;
};

// A public method that calls another with the lock held.
class CallsItselfBad {
public:
  int size() {
    // CHECK: :[[@LINE+1]]:33: warning: {{.*}} [sluice-double-lock]
    std::lock_guard<std::mutex> hold(mu_);
    return n_;
  }
  bool grow() {
    std::lock_guard<std::mutex> hold(mu_);
    ++n_;
    return size() < 10;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};

// A forgetful client would hang in the destructor; one that calls stop() does not.
class StopByTheClientOk {
public:
  void start() {
    worker_ = std::thread([this] {
      std::unique_lock hold(mu_);
      ended_.wait(hold, [this] { return stop_; });
    });
  }
  void stop() {
    {
      std::lock_guard hold(mu_);
      stop_ = true;
    }
    ended_.notify_all();
  }
  ~StopByTheClientOk() {
    if (worker_.joinable())
      worker_.join();
  }

private:
  std::mutex mu_;
  std::condition_variable ended_;
  bool stop_ = false;
  std::thread worker_;
};

// pop() waits for what another thread pushes.
class BlockingBufferOk {
public:
  void push(int v) {
    std::lock_guard hold(mu_);
    list_.push_back(v);
    filled_.notify_one();
  }
  int pop() {
    std::unique_lock hold(mu_);
    filled_.wait(hold, [this] { return !list_.empty(); });
    int v = list_.front();
    list_.pop_front();
    return v;
  }
  void discard() {
    std::lock_guard hold(mu_);
    list_.clear();
  }

private:
  std::mutex mu_;
  std::condition_variable filled_;
  std::deque<int> list_;
};

// lock() and unlock() are for a guard of the client's.
class LockableOk {
public:
  void lock() { mu_.lock(); }
  void unlock() { mu_.unlock(); }

private:
  std::mutex mu_;
};

// A client that sends after the close is to blame, not the class.
class CloseIsPublicOk {
public:
  void put(int v) { out_.send(v); }
  void close() { out_.close(); }
  sluice::recv_chan<int> results() { return out_; }

private:
  sluice::chan<int> out_;
};

// One method waits with two locks that another takes the other way round.
class TwoOrdersBad {
public:
  void deposit() {
    std::lock_guard<std::mutex> a(books_);
    // CHECK: :[[@LINE+1]]:33: warning: {{.*}} [sluice-lock-order-cycle]
    std::lock_guard<std::mutex> b(cash_);
    ++n_;
  }
  void withdraw() {
    std::lock_guard<std::mutex> a(cash_);
    std::lock_guard<std::mutex> b(books_);
    --n_;
  }

private:
  std::mutex books_, cash_;
  int n_ = 0;
};

class OneOrderOk {
public:
  void deposit() {
    std::lock_guard<std::mutex> a(books_);
    std::lock_guard<std::mutex> b(cash_);
    ++n_;
  }
  void withdraw() {
    std::lock_guard<std::mutex> a(books_);
    std::lock_guard<std::mutex> b(cash_);
    --n_;
  }

private:
  std::mutex books_, cash_;
  int n_ = 0;
};

// Callbacks come from outside: what they do is not known.
class CallbacksOk {
public:
  void subscribe(std::function<void(int)> f) {
    std::lock_guard hold(mu_);
    all_.push_back(std::move(f));
  }
  void publish(int v) {
    std::vector<std::function<void(int)>> copies;
    {
      std::lock_guard hold(mu_);
      copies = all_;
    }
    for (auto &f : copies)
      f(v);
  }

private:
  std::mutex mu_;
  std::vector<std::function<void(int)>> all_;
};
