// Writing a log entry fails under the logger's mutex, and the exit path locks it again.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <cstdlib>
#include <mutex>
#include <random>
#include <string>

bool disk_full() {
  std::random_device entropy;
  return entropy() % 8 < 6;
}

class logger {
public:
  void output(const std::string &line) {
    std::unique_lock hold(mu_);
    if (!create_file()) {
#ifdef REPAIRED
      hold.unlock();
#endif
      leave(line);
      return;
    }
    ++written_;
  }

private:
  bool create_file() { return !disk_full(); }

  void leave(const std::string &why) {
    std::lock_guard hold(mu_); // sluice: double-lock
    last_error_ = why;
  }

  sluice::mutex mu_;
  std::string last_error_;
  int written_ = 0;
};

int main() {
  sluice::run([] {
    static logger log;
    sluice::wait_group started;
    started.add(1);
    sluice::go([&started] {
      started.done();
      log.output("entry");
    });
    started.wait();
  });
}
