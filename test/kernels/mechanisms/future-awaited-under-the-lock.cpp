// The owner waits for a reload under the lock that the reload takes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <mutex>

class config {
public:
  int refresh() {
#ifdef REPAIRED
    auto loaded = sluice::async([this] { return load(); });
    int now = loaded.get();
    std::lock_guard hold(mu_);
    return version_ = now;
#else
    std::lock_guard hold(mu_);
    auto loaded = sluice::async([this] { return load(); });
    return version_ = loaded.get(); // sluice: blocking-under-lock
#endif
  }

private:
  int load() {
    std::lock_guard hold(mu_); // sluice: blocking-under-lock
    return version_ + 1;
  }

  sluice::mutex mu_;
  int version_ = 0;
};

int main() {
  return sluice::run([] {
    config c;
    return c.refresh();
  });
}
