// Callbacks that a registry keeps, which are handed what keeps a pointer to a lock of others.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes %s -- -std=c++17 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

// The one registry: each slot has a callback that takes back what a task kept in the slot.
class slots {
public:
  using take_back = void (*)(void *);
  static void declare(int slot, take_back how) {
    std::lock_guard lock(all().mu_);
    all().how_[slot] = how;
  }
  static void keep(int slot, void *what) {
    std::lock_guard lock(all().mu_);
    all().kept_[slot] = what;
  }
  static void drop(int slot) {
    std::lock_guard lock(all().mu_);
    auto how = all().how_.find(slot);
    void *what = all().kept_[slot];
    if (how != all().how_.end() && what)
      how->second(what);
    all().kept_[slot] = nullptr;
  }
  static void each(const std::function<void(void *)> &look) {
    // CHECK: :[[@LINE+2]]:21: warning: lock of 'slots::mu_' can wait for ever: 'slots::drop' holds it
    // CHECK-SAME: waits for 'total_bad::part::merging' [sluice-lock-order-cycle]
    std::lock_guard lock(all().mu_);
    for (auto &entry : all().kept_)
      look(entry.second);
  }

private:
  static slots &all() {
    static slots *one = new slots;
    return *one;
  }
  std::mutex mu_;
  std::map<int, take_back> how_;
  std::map<int, void *> kept_;
};

struct sum {
  long value = 0;
};

// What a task counts goes into the total when its slot is dropped, under the total's lock.
class total_bad {
public:
  explicit total_bad(int slot) : slot_(slot) { slots::declare(slot, &total_bad::merge); }
  void count(int n) { slots::keep(slot_, new part{n, &all_, &merging_}); }
  long read() {
    std::lock_guard lock(merging_);
    long result = all_.value;
    slots::each([&result](void *p) { result += static_cast<part *>(p)->value; });
    return result;
  }

private:
  struct part {
    int value;
    sum *into;
    std::mutex *merging;
  };
  static void merge(void *p) {
    auto *one = static_cast<part *>(p);
    {
      std::lock_guard lock(*one->merging);
      one->into->value += one->value;
    }
    delete one;
  }
  int slot_;
  sum all_;
  std::mutex merging_;
};

// The lock is released before the registry's is taken.
class total_ok {
public:
  explicit total_ok(int slot) : slot_(slot) { slots::declare(slot, &total_ok::merge); }
  void count(int n) { slots::keep(slot_, new part{n, &all_, &merging_}); }
  long read() {
    long result;
    {
      std::lock_guard lock(merging_);
      result = all_.value;
    }
    slots::each([&result](void *p) { result += static_cast<part *>(p)->value; });
    return result;
  }

private:
  struct part {
    int value;
    sum *into;
    std::mutex *merging;
  };
  static void merge(void *p) {
    auto *one = static_cast<part *>(p);
    {
      std::lock_guard lock(*one->merging);
      one->into->value += one->value;
    }
    delete one;
  }
  int slot_;
  sum all_;
  std::mutex merging_;
};

// The callback takes another lock than the one under which the registry is asked.
class tally_ok {
public:
  explicit tally_ok(int slot) : slot_(slot) { slots::declare(slot, &tally_ok::merge); }
  void count(int n) { slots::keep(slot_, new part{n, &all_, &merging_}); }
  long read() {
    std::lock_guard lock(reading_);
    long result = 0;
    slots::each([&result](void *p) { result += static_cast<part *>(p)->value; });
    return result;
  }

private:
  struct part {
    int value;
    sum *into;
    std::mutex *merging;
  };
  static void merge(void *p) {
    auto *one = static_cast<part *>(p);
    std::lock_guard lock(*one->merging);
    one->into->value += one->value;
  }
  int slot_;
  sum all_;
  std::mutex merging_, reading_;
};
