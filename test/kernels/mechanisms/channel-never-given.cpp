// A worker waits on the channel of a field that the constructor never sets.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>

class worker {
public:
#ifdef REPAIRED
  worker() : stop_(sluice::chan<>()) {}
#else
  worker() = default;
#endif
  void run() {
    stop_.recv(); // sluice: starved-receive
  }
  void stop() {
    if (stop_)
      stop_.close();
  }

private:
  sluice::chan<> stop_ = nullptr;
};

int main() {
  sluice::run([] {
    auto w = std::make_shared<worker>();
    sluice::go("worker", [w] { w->run(); });
    w->stop();
  });
}
