// start() waits until the worker is ready, which an early error return never says.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <optional>

bool open_port(int port);

class service {
public:
  bool start() {
    sluice::go("service", [this] { run(); });
    ready_.recv(); // sluice: starved-receive
    return !failed_;
  }
  void stop() { quit_.close(); }

private:
  void run() {
    if (!open_port(80)) {
#ifdef REPAIRED
      failed_ = true;
      ready_.close();
#endif
      return;
    }
    ready_.close();
    quit_.recv();
  }
  sluice::chan<> ready_;
  sluice::chan<> quit_;
  bool failed_ = false;
};

int main() {
  sluice::run([] {
    service s;
    if (s.start())
      s.stop();
  });
}
