// The page size of examples/patterns/synchronous_api.cpp as an asynchronous function.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// runtime: leaked
#include <sluice/sluice.hpp>

#include <chrono>
#include <cstdio>

namespace {

using namespace std::chrono_literals;

sluice::recv_chan<int> page_size(int page) {
  sluice::chan<int> size;
  sluice::go("page-size", [=] {
    sluice::sleep_for(1ms);
    size.send(100 + page); // sluice: unreceived-send
  });
  return size;
}

void warm_up(int pages) {
  for (int page = 0; page < pages; ++page)
    page_size(page);
}

} // namespace

int main() {
  sluice::run([] {
    warm_up(2);
    std::printf("warm\n");
  });
}
