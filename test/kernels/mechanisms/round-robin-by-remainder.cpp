// Work is dealt round robin to two queues, but only the first has a worker.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <array>

int main() {
  sluice::run([] {
    std::array<sluice::chan<int>, 2> queues;
    sluice::wait_group done;
#ifdef REPAIRED
    const int workers = 2;
#else
    const int workers = 1;
#endif
    done.add(workers);
    for (int w = 0; w < workers; ++w)
      sluice::go("worker", [&queues, &done, w] {
        for (int v : queues[w])
          (void)v;
        done.done();
      });
    for (int i = 0; i < 4; ++i)
      queues[i % 2].send(i); // sluice: unreceived-send
    for (auto &q : queues)
      q.close();
    done.wait();
  });
}
