// A table locks and unlocks by hand; an exception from the factory leaves it locked.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <functional>
#include <mutex>
#include <stdexcept>
#include <utility>

class registry {
public:
  explicit registry(std::function<int(int)> make) : make_(std::move(make)) {}
  int get(int key) {
#ifdef REPAIRED
    std::lock_guard hold(mutex_);
    return make_(key);
#else
    mutex_.lock(); // sluice: double-lock
    int value = make_(key);
    mutex_.unlock();
    return value;
#endif
  }

private:
  std::mutex mutex_;
  std::function<int(int)> make_;
};

int main() {
  registry r([](int key) {
    if (key == 0)
      throw std::out_of_range("zero");
    return key;
  });
  try {
    r.get(0);
  } catch (const std::out_of_range &) {
  }
  return r.get(1) != 1;
}
