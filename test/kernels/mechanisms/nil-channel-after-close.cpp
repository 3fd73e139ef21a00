// A loop over two sources sets a drained one to nil; it ends only when it sees both closed at once.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

int main() {
  sluice::run([] {
    sluice::chan<int> left(1), right(1);
    sluice::recv_chan<int> a = left, b = right;
    sluice::go("left", [left] {
      left.send(1);
      left.close();
    });
    sluice::go("right", [right] {
      right.send(2);
      right.close();
    });
    int sum = 0;
    for (;;) {
      std::optional<int> v;
#ifdef REPAIRED
      if (!a && !b)
        break;
#endif
      switch (sluice::select(sluice::on_recv(a, v), sluice::on_recv(b, v))) { // sluice: starved-receive
      case 0:
        if (!v)
          a = nullptr;
        break;
      case 1:
        if (!v)
          b = nullptr;
        break;
      }
      sum += v.value_or(0);
    }
    (void)sum;
  });
}
