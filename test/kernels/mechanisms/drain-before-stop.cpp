// A writer thread is told to stop by a flag, but it sleeps in its condition and nobody wakes it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <condition_variable>
#include <mutex>
#include <queue>
#include <string>
#include <thread>

class writer {
public:
  writer() : thread_([this] { run(); }) {}
  ~writer() {
    {
      std::lock_guard hold(mu_);
      stopping_ = true;
    }
#ifdef REPAIRED
    changed_.notify_one();
#endif
    thread_.join(); // sluice: lost-notify
  }
  void write(std::string line) {
    std::lock_guard hold(mu_);
    lines_.push(std::move(line));
    changed_.notify_one();
  }

private:
  void run() {
    std::unique_lock hold(mu_);
    for (;;) {
      changed_.wait(hold, [this] { return stopping_ || !lines_.empty(); }); // sluice: lost-notify
      if (lines_.empty())
        return;
      lines_.pop();
    }
  }
  std::mutex mu_;
  std::condition_variable changed_;
  std::queue<std::string> lines_;
  bool stopping_ = false;
  std::thread thread_;
};

int main() {
  writer w;
  w.write("one");
}
