// A producer and a consumer that each hold only their own direction of the channel.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Use it wherever a channel crosses a function or a class: a send_chan cannot be received from and
// a recv_chan cannot be closed, so who sends, who receives and who closes is checked when compiled.
#include <sluice/sluice.hpp>

#include <cstdio>
#include <utility>
#include <vector>

namespace {

/// Sends its readings once and then says that there are no more.
class sensor {
public:
  explicit sensor(std::vector<int> readings) : readings_(std::move(readings)) {}

  void produce(sluice::send_chan<int> out) const {
    for (int reading : readings_)
      out.send(reading);
    out.close();
  }

private:
  std::vector<int> readings_;
};

/// Adds up whatever comes.
class meter {
public:
  void consume(sluice::recv_chan<int> in) {
    for (int reading : in)
      total_ += reading;
  }

  int total() const { return total_; }

private:
  int total_ = 0;
};

} // namespace

int main() {
  sluice::run([] {
    sluice::chan<int> readings;
    sensor source({3, 1, 4, 1, 5, 9});
    sluice::go("sensor", [=] { source.produce(readings); });

    meter sum;
    sum.consume(readings);
    std::printf("%d\n", sum.total());
  });
}
