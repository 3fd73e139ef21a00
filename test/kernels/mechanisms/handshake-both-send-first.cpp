// Two peers greet each other over unbuffered channels, and both speak first.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

struct peer {
  sluice::send_chan<int> to;
  sluice::recv_chan<int> from;
  void greet(bool first) {
#ifdef REPAIRED
    if (!first) {
      from.recv();
      to.send(2);
      return;
    }
#endif
    (void)first;
    to.send(1); // sluice: unreceived-send
    from.recv();
  }
};

int main() {
  sluice::run([] {
    sluice::chan<int> there, back;
    peer a{there, back}, b{back, there};
    sluice::chan<> done;
    sluice::go("a", [&] {
      a.greet(true);
      done.close();
    });
    b.greet(false);
    done.recv();
  });
}
