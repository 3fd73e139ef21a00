// A base class runs what its subclasses override under its lock: a subclass that takes the lock
// again is found on objects of that class, and only on those.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check %s -- -std=c++20 | FileCheck %s --implicit-check-not=warning:
#include <memory>
#include <mutex>
#include <vector>

template <class Mutex> class Store {
public:
  virtual ~Store() = default;
  virtual void put(int value) {
    std::lock_guard<Mutex> lock(mutex);
    write(value);
  }

protected:
  virtual void write(int value) = 0;
  Mutex mutex;
};

template <class Mutex> class Kept : public Store<Mutex> {
public:
  int count() {
    // CHECK: :[[@LINE+1]]:28: warning: lock of 'mutex' can block for ever: this task holds 'mutex' already
    std::lock_guard<Mutex> lock(this->mutex);
    return int(values.size());
  }

protected:
  // CHECK: note: 1. 'Store::put' locks 'mutex'
  // CHECK: note: 2. assume that value
  // CHECK: note: 3. 'Store::put' calls 'Kept::write'
  // CHECK: note: 4. 'Store::put' calls 'Kept::count'
  // CHECK: note: 5. 'Store::put' waits for ever to lock 'mutex'
  void write(int value) override {
    if (value > 0 && count() < 100)
      values.push_back(value);
  }
  std::vector<int> values;
};

class Dropped : public Store<std::mutex> {
protected:
  void write(int) override {}
};

class Counted : public Store<std::mutex> {
  std::mutex own;

public:
  int count() {
    std::lock_guard lock(own);
    return total;
  }

protected:
  void write(int value) override {
    if (count() < 100)
      total += value;
  }
  int total = 0;
};

std::unique_ptr<Store<std::mutex>> open(int kind) {
  if (kind == 0)
    return std::make_unique<Dropped>();
  if (kind == 1)
    return std::make_unique<Counted>();
  return std::make_unique<Kept<std::mutex>>();
}
std::unique_ptr<Store<std::recursive_mutex>> openAgain() {
  return std::make_unique<Kept<std::recursive_mutex>>();
}
