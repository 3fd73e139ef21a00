// The pipeline of examples/patterns/pipeline.cpp without a context, whose consumer stops early.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// runtime: leaked
#include <sluice/sluice.hpp>

#include <cstdio>

namespace {

sluice::recv_chan<int> generate(int limit) {
  sluice::chan<int> out;
  sluice::go("generate", [=] {
    for (int i = 1; i <= limit; ++i)
      out.send(i); // sluice: unreceived-send
    out.close();
  });
  return out;
}

} // namespace

int main() {
  sluice::run([] {
    for (int i : generate(10)) {
      std::printf("%d\n", i);
      if (i == 3)
        break;
    }
  });
}
