// A merge starts a copier for each input; the reader takes the first few values and leaves.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <vector>

sluice::recv_chan<int> generate(int first, sluice::recv_chan<> quit) {
  sluice::chan<int> out;
  sluice::go("generate", [out, first, quit] {
    for (int i = 0; i < 2; ++i)
      if (sluice::select(sluice::on_send(out, first + i), sluice::on_recv(quit)) == 1)
        break;
    out.close();
  });
  return out;
}

sluice::recv_chan<int> merge(std::vector<sluice::recv_chan<int>> inputs, sluice::recv_chan<> quit) {
  sluice::chan<int> out;
  auto all = std::make_shared<sluice::wait_group>();
  all->add(static_cast<int>(inputs.size()));
  for (auto &input : inputs)
    sluice::go("copy", [input, out, all, quit] {
      for (int v : input) {
#ifdef REPAIRED
        if (sluice::select(sluice::on_send(out, v), sluice::on_recv(quit)) == 1)
          break;
#else
        (void)quit;
        out.send(v); // sluice: unreceived-send
#endif
      }
      all->done();
    });
  sluice::go("closer", [out, all] {
    all->wait(); // sluice: unreceived-send
    out.close();
  });
  return out;
}

int main() {
  sluice::run([] {
    sluice::chan<> quit;
    std::vector<sluice::recv_chan<int>> inputs;
    inputs.push_back(generate(0, quit));
    inputs.push_back(generate(10, quit));
    auto merged = merge(inputs, quit);
    merged.recv();
    quit.close();
  });
}
