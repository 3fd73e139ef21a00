// A state is advanced with a plain store; the thread that waits on it is never notified.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <atomic>
#include <thread>

class machine {
public:
  void finish() {
    state_.store(2);
#ifdef REPAIRED
    state_.notify_all();
#endif
  }
  void await_end() {
    int seen = state_.load();
    while (seen != 2) {
      state_.wait(seen); // sluice: lost-notify
      seen = state_.load();
    }
  }

private:
  std::atomic<int> state_{0};
};

int main() {
  machine m;
  std::thread watcher([&] { m.await_end(); });
  m.finish();
  watcher.join(); // sluice: lost-notify
}
