// Locks of the standard library that are used rightly, and look as if they were not.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check %s -- -std=c++20 | FileCheck %s
// CHECK: no warnings
#include <chrono>
#include <functional>
#include <mutex>
#include <shared_mutex>
#include <thread>

struct account {
  std::mutex mutex;
  int balance = 0;
};

void transferBothOk(account &from, account &to) {
  std::scoped_lock hold(from.mutex, to.mutex);
  --from.balance;
  ++to.balance;
}

void transferDeferredOk(account &from, account &to) {
  std::unique_lock one(from.mutex, std::defer_lock), other(to.mutex, std::defer_lock);
  std::lock(one, other);
  --from.balance;
  ++to.balance;
}

void transferAdoptedOk(account &from, account &to) {
  std::lock(from.mutex, to.mutex);
  std::lock_guard one(from.mutex, std::adopt_lock);
  std::lock_guard other(to.mutex, std::adopt_lock);
  --from.balance;
  ++to.balance;
}

void transferTryingOk(account &from, account &to) {
  while (std::try_lock(from.mutex, to.mutex) != -1)
    std::this_thread::yield();
  --from.balance;
  ++to.balance;
  from.mutex.unlock();
  to.mutex.unlock();
}

void transferBackingOffOk(account &from, account &to) {
  for (;;) {
    std::unique_lock one(from.mutex);
    std::unique_lock other(to.mutex, std::try_to_lock);
    if (other.owns_lock()) {
      --from.balance;
      ++to.balance;
      return;
    }
    one.unlock();
    std::this_thread::yield();
  }
}

template <typename Transfer> void bothWaysOk(Transfer transfer) {
  account a, b;
  std::thread there([&] { transfer(a, b); });
  std::thread back([&] { transfer(b, a); });
  there.join();
  back.join();
}

class tree {
public:
  int depth() {
    std::lock_guard hold(mutex_);
    return left_ ? 1 + left_->depth() : 0;
  }
  int sizeOk() {
    std::lock_guard hold(mutex_);
    return 1 + depth();
  }

private:
  std::recursive_mutex mutex_;
  tree *left_ = nullptr;
};

class cell {
public:
  int readThenWriteOk() {
    std::shared_lock read(mutex_);
    int seen = value_;
    read.unlock();
    std::unique_lock write(mutex_);
    return value_ = seen + 1;
  }

private:
  std::shared_mutex mutex_;
  int value_ = 0;
};

void releasedBeforeTheCallOk(const std::function<void()> &callback) {
  static std::mutex mutex;
  static volatile int calls = 0;
  std::unique_lock hold(mutex);
  calls = calls + 1;
  hold.unlock();
  callback();
}

void timedRetryOk(std::timed_mutex &mutex) {
  using namespace std::chrono_literals;
  while (!mutex.try_lock_for(1ms))
    std::this_thread::yield();
  mutex.unlock();
}

struct station {
  std::mutex mutex;
  station *next = nullptr;
};

void handOverHandOk(station &head) {
  std::unique_lock hold(head.mutex);
  for (station *at = head.next; at; at = at->next) {
    std::unique_lock following(at->mutex);
    hold = std::move(following);
  }
}

int main() {
  bothWaysOk(transferBothOk);
  bothWaysOk(transferDeferredOk);
  bothWaysOk(transferAdoptedOk);
  bothWaysOk(transferTryingOk);
  bothWaysOk(transferBackingOffOk);
  tree().sizeOk();
  cell().readThenWriteOk();
  releasedBeforeTheCallOk([] { releasedBeforeTheCallOk([] {}); });
  std::timed_mutex timed;
  timedRetryOk(timed);
  station last, first;
  first.next = &last;
  std::thread walker([&] { handOverHandOk(first); });
  handOverHandOk(first);
  walker.join();
}
