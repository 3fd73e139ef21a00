// Statistics that leak their printer: nobody closes the channel it ranges over.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "statistics.hpp"

#include <sluice/sluice.hpp>

#include <cstdio>

void print_times(const std::vector<int> &times) {
  sluice::chan<int> lines;
  sluice::go("printer", [=] {
    for (int time : lines)
      std::printf("%d ms\n", time);
  });
  for (int time : times)
    lines.send(time);
}
