// Fan-out to several workers, and fan-in of their channels with a waiter that closes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Use it when each worker should own its output: every channel has one sender, which closes it, and
// the merged one is closed by the one task that waits for all forwarders.
#include <sluice/sluice.hpp>

#include <cstdio>
#include <memory>
#include <vector>

namespace {

/// The numbers up to a limit.
sluice::recv_chan<int> numbers(int limit) {
  sluice::chan<int> out;
  sluice::go("numbers", [=] {
    for (int i = 1; i <= limit; ++i)
      out.send(i);
    out.close();
  });
  return out;
}

/// One worker: takes what the others leave and sends the cubes on a channel of its own.
sluice::recv_chan<int> cube(sluice::recv_chan<int> in) {
  sluice::chan<int> out;
  sluice::go("cube", [=] {
    for (int i : in)
      out.send(i * i * i);
    out.close();
  });
  return out;
}

/// Everything from all inputs; closed when the last of them is.
sluice::recv_chan<int> merge(const std::vector<sluice::recv_chan<int>> &inputs) {
  sluice::chan<int> out;
  auto forwarding = std::make_shared<sluice::wait_group>();
  for (sluice::recv_chan<int> in : inputs) {
    forwarding->add(1);
    sluice::go("forward", [=] {
      for (int i : in)
        out.send(i);
      forwarding->done();
    });
  }
  sluice::go("closer", [=] {
    forwarding->wait();
    out.close();
  });
  return out;
}

} // namespace

int main() {
  sluice::run([] {
    sluice::recv_chan<int> work = numbers(10);
    std::vector<sluice::recv_chan<int>> cubes;
    for (int i = 0; i < 3; ++i)
      cubes.push_back(cube(work));

    int sum = 0;
    for (int i : merge(cubes))
      sum += i;
    std::printf("%d\n", sum);
  });
}
