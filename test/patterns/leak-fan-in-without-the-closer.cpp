// The fan-in of examples/patterns/fan_out_fan_in.cpp without the task that closes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// runtime: leaked
#include <sluice/sluice.hpp>

#include <chrono>
#include <cstdio>
#include <vector>

namespace {

sluice::recv_chan<int> numbers(int first, int last) {
  sluice::chan<int> out;
  sluice::go("numbers", [=] {
    for (int i = first; i <= last; ++i)
      out.send(i);
    out.close();
  });
  return out;
}

sluice::recv_chan<int> merge(const std::vector<sluice::recv_chan<int>> &inputs) {
  sluice::chan<int> out;
  for (sluice::recv_chan<int> in : inputs)
    sluice::go("forward", [=] {
      for (int i : in)
        out.send(i);
    });
  return out;
}

void print_all(sluice::recv_chan<int> values) {
  for (int value : values) // sluice: starved-receive
    std::printf("%d\n", value);
}

} // namespace

int main() {
  sluice::run([] {
    sluice::recv_chan<int> merged = merge({numbers(1, 3), numbers(7, 9)});
    sluice::go("print", [=] { print_all(merged); });
    sluice::sleep_for(std::chrono::milliseconds(5));
  });
}
