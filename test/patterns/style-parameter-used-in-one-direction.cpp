// The producer of examples/patterns/directed_channels.cpp, which takes both directions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// runtime: silent
#include <sluice/sluice.hpp>

#include <cstdio>

namespace {

void produce(sluice::chan<int> out) { // sluice: undirected-channel
  for (int i = 0; i < 3; ++i)
    out.send(i);
  out.close();
}

} // namespace

int main() {
  sluice::run([] {
    sluice::chan<int> readings;
    sluice::go("produce", [=] { produce(readings); });
    for (int reading : readings)
      std::printf("%d\n", reading);
  });
}
