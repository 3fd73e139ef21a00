// Time goes on only when nothing can run, and then by as much as the next timer needs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: sh -c 'for how in random pct; do for seed in 1 2 3; do SLUICE_OPTIONS=explore=$how:seed=$seed timeout 10 %t || exit 1; done; done' 2>&1 | count 0
#include <sluice/sluice.hpp>

#include <cstdlib>

using namespace std::chrono_literals;

static void expect(bool condition) {
  if (!condition)
    std::abort();
}

int main() {
  sluice::run([] {
    const auto begin = sluice::clock::now();
    sluice::wait_group left;
    left.add(2);
    sluice::go([&] {
      sluice::sleep_for(1h);
      expect(sluice::clock::now() - begin == 1h);
      left.done();
    });
    sluice::go([&] {
      for (int i = 0; i < 50; ++i)
        sluice::sleep_for(1min);
      expect(sluice::clock::now() - begin == 50min);
      left.done();
    });
    left.wait();
    expect(sluice::clock::now() - begin == 1h);

    const sluice::chan<int> never;
    expect(!never.recv_for(24h));
    expect(sluice::clock::now() - begin == 25h);

    auto [ctx, cancel] = sluice::with_timeout({}, 30min);
    expect(!never.recv(ctx));
    expect(sluice::clock::now() - begin == 25h + 30min);
  });
}
