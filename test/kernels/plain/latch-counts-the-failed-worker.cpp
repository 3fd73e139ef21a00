// A worker that fails leaves without counting the latch down that everybody waits for.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <atomic>
#include <latch>
#include <thread>
#include <vector>

class startup {
public:
  explicit startup(int workers) : ready_(workers) {}
  void worker(bool healthy) {
    if (!healthy) {
      failed_ = true;
#ifdef REPAIRED
      ready_.count_down();
#endif
      return;
    }
    ready_.count_down();
  }
  bool wait() {
    ready_.wait(); // sluice: wait-group-misuse
    return !failed_;
  }

private:
  std::latch ready_;
  std::atomic<bool> failed_{false};
};

int main() {
  startup s(2);
  std::vector<std::jthread> threads;
  threads.emplace_back([&] { s.worker(true); });
  threads.emplace_back([&] { s.worker(false); });
  return s.wait();
}
