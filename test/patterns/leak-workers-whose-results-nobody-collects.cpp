// The word counter of examples/patterns/worker_pool.cpp, whose caller returns without the results.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// runtime: leaked
#include <sluice/sluice.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace {

class word_counter {
public:
  sluice::recv_chan<std::size_t> count(const std::vector<std::string> &lines) const {
    sluice::chan<std::size_t> results;
    for (const std::string &line : lines)
      sluice::go("worker", [=] {
        results.send(line.size()); // sluice: unreceived-send
      });
    return results;
  }
};

} // namespace

int main() {
  sluice::run([] {
    word_counter counter;
    counter.count({"a heron", "stands still by the weir", "waiting"});
  });
}
