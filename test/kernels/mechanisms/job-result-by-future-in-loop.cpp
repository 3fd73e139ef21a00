// Each job of a batch waits for the result of the one before; the first waits for the last.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <array>
#include <functional>
#include <vector>

struct stage {
  std::vector<sluice::chan<int>> inputs;
  sluice::chan<int> output{1};
};

class graph {
public:
  explicit graph(std::size_t n) : stages_(n) {}
  void connect(std::size_t from, std::size_t to) {
    stages_[to].inputs.push_back(stages_[from].output);
  }

  int run() {
    for (auto &s : stages_)
      sluice::go("stage", [&s] {
        int sum = 1;
        for (auto &in : s.inputs)
          sum += in.recv().value_or(0); // sluice: starved-receive
        s.output.send(sum);
      });
    return stages_.back().output.recv().value_or(0); // sluice: starved-receive
  }

private:
  std::vector<stage> stages_;
};

int main() {
  return sluice::run([] {
    graph g(3);
    g.connect(0, 1);
    g.connect(1, 2);
#ifndef REPAIRED
    g.connect(1, 0);
#endif
    return g.run();
  });
}
