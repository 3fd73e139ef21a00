// A timer is stopped before it fires, and its channel is received from all the same.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

class backoff {
public:
  void wait(const sluice::recv_chan<> &cancelled) {
    sluice::timer until(std::chrono::seconds(1));
    if (sluice::select(sluice::on_recv(until.channel()), sluice::on_recv(cancelled)) == 0)
      return;
#ifdef REPAIRED
    until.stop();
#else
    until.stop();
    until.channel().recv(); // sluice: starved-receive
#endif
  }
};

int main() {
  sluice::run([] {
    sluice::chan<> cancelled;
    sluice::go("wait", [cancelled] { backoff().wait(cancelled); });
    cancelled.close();
    sluice::sleep_for(std::chrono::milliseconds(10));
  });
}
