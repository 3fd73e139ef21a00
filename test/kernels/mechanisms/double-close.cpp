// Two paths close the same channel: the error path and the deferred one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

class stream {
public:
  void run(int frames) {
#ifdef REPAIRED
    sluice::defer at_end([this] { once_.call([this] { done_.close(); }); });
#else
    sluice::defer at_end([this] { done_.close(); }); // sluice: closed-channel
#endif
    for (int i = 0; i < frames; ++i)
      if (i == 2) {
#ifdef REPAIRED
        once_.call([this] { done_.close(); });
#else
        done_.close();
#endif
        return;
      }
  }

  void wait() { done_.recv(); }

private:
  sluice::chan<> done_;
  sluice::once once_;
};

int main() {
  sluice::run([] {
    stream s;
    s.run(5);
    s.wait();
  });
}
