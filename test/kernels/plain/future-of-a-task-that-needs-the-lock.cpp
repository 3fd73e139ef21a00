// refresh() waits for its loader with the lock held that the loader takes to publish.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <future>
#include <mutex>

class settings {
public:
  void refresh() {
    std::unique_lock hold(mutex_);
    auto loaded = std::async(std::launch::async, [this] { return load(); });
#ifdef REPAIRED
    hold.unlock();
#endif
    version_seen_ = loaded.get(); // sluice: blocking-under-lock
  }

private:
  int load() {
    std::lock_guard hold(mutex_);
    return ++version_;
  }
  std::mutex mutex_;
  int version_ = 0, version_seen_ = 0;
};

int main() {
  settings s;
  s.refresh();
}
