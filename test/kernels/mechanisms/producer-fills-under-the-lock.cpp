// A logger sends to its full buffer under the lock that the task which empties the buffer takes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <mutex>
#include <string>
#include <vector>

class logger {
public:
  logger() {
    sluice::go("flush", [this] { flush(); });
  }

  void log(std::string line) {
#ifdef REPAIRED
    {
      std::lock_guard hold(mu_);
      ++logged_;
    }
    lines_.send(std::move(line));
#else
    std::lock_guard hold(mu_);
    ++logged_;
    lines_.send(std::move(line)); // sluice: blocking-under-lock
#endif
  }

  void close() {
    lines_.close();
    flushed_.recv();
  }

private:
  void flush() {
    for (std::string line : lines_) {
      std::lock_guard hold(mu_); // sluice: blocking-under-lock
      kept_.push_back(std::move(line));
      --logged_;
    }
    flushed_.close();
  }

  sluice::mutex mu_;
  sluice::chan<std::string> lines_{1};
  sluice::chan<> flushed_;
  std::vector<std::string> kept_;
  int logged_ = 0;
};

int main() {
  sluice::run([] {
    logger l;
    for (int i = 0; i < 3; ++i)
      l.log("line");
    l.close();
  });
}
