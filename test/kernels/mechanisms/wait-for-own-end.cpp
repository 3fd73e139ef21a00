// A worker that fails stops its server, and stop() waits for the worker.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>

class server {
public:
  void start() {
    workers_.add(1);
    sluice::go("worker", [this] {
      sluice::defer finished([this] { workers_.done(); });
      serve();
    });
  }

  void stop() {
    std::call_once(closed_, [this] { quit_.close(); });
    workers_.wait(); // sluice: deadlock
  }

private:
  void serve() {
    for (int i = 0; i < 3; ++i) {
      if (sluice::select(sluice::on_recv(quit_), sluice::otherwise()) == 0)
        return;
      if (!step(i)) {
#ifdef REPAIRED
        std::call_once(closed_, [this] { quit_.close(); });
#else
        stop();
#endif
        return;
      }
    }
  }

  bool step(int i) { return i != 1; }

  sluice::chan<> quit_;
  sluice::wait_group workers_;
  std::once_flag closed_;
};

int main() {
  sluice::run([] {
    server s;
    s.start();
    s.stop();
  });
}
