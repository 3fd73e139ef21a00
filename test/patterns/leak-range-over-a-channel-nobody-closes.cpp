// The consumer of examples/patterns/directed_channels.cpp, whose producer does not close.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// runtime: leaked
#include <sluice/sluice.hpp>

#include <cstdio>
#include <utility>
#include <vector>

namespace {

class sensor {
public:
  explicit sensor(std::vector<int> readings) : readings_(std::move(readings)) {}

  void produce(sluice::send_chan<int> out) const {
    for (int reading : readings_)
      out.send(reading);
  }

private:
  std::vector<int> readings_;
};

class meter {
public:
  void consume(sluice::recv_chan<int> in) const {
    for (int reading : in) // sluice: starved-receive
      std::printf("%d\n", reading);
  }
};

} // namespace

int main() {
  sluice::run([] {
    sluice::chan<int> readings;
    sluice::go("meter", [=] { meter().consume(readings); });
    sensor({3, 1, 4}).produce(readings);
  });
}
