// The cache writes back to its store under its lock; the store tells the cache under its own.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <map>
#include <mutex>
#include <thread>

class cache;

class store {
public:
  void attach(cache *c) { cache_ = c; }
  void put(int key, int value) {
    std::lock_guard hold(mutex_); // sluice: lock-order-cycle
    rows_[key] = value;
  }
  void drop(int key);

private:
  std::mutex mutex_;
  std::map<int, int> rows_;
  cache *cache_ = nullptr;
};

class cache {
public:
  explicit cache(store &s) : store_(s) {}
  void flush(int key) {
    std::lock_guard hold(mutex_);
    store_.put(key, dirty_);
    dirty_ = 0;
  }
  void forget() {
    std::lock_guard hold(mutex_); // sluice: lock-order-cycle
    dirty_ = 0;
  }

private:
  std::mutex mutex_;
  store &store_;
  int dirty_ = 0;
};

void store::drop(int key) {
#ifdef REPAIRED
  {
    std::lock_guard hold(mutex_);
    rows_.erase(key);
  }
  if (cache_)
    cache_->forget();
#else
  std::lock_guard hold(mutex_);
  rows_.erase(key);
  if (cache_)
    cache_->forget();
#endif
}

int main() {
  store s;
  cache c(s);
  s.attach(&c);
  std::thread flusher([&] { c.flush(1); });
  s.drop(1);
  flusher.join();
}
