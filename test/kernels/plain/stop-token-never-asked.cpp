// The poller's loop looks at a token of a stop source that nobody asks to stop.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stop_token>
#include <thread>
#include <utility>

class poller {
public:
  poller() : thread_([this, token = source_.get_token()] { run(token); }) {}
  ~poller() {
#ifdef REPAIRED
    source_.request_stop();
#endif
    thread_.join(); // sluice: missing-cancellation
  }

private:
  void run(std::stop_token token) {
    while (!token.stop_requested()) // sluice: missing-cancellation
      std::this_thread::yield();
  }
  std::stop_source source_;
  std::thread thread_;
};

int main() { poller p; }
