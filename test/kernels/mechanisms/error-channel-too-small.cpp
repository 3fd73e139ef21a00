// Each worker may report an error into a channel with room for one; the collector reads one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <vector>

bool work(int i);

bool run_all(int n) {
#ifdef REPAIRED
  sluice::chan<int> errors(static_cast<std::size_t>(n));
#else
  sluice::chan<int> errors(1);
#endif
  sluice::wait_group all;
  all.add(n);
  for (int i = 0; i < n; ++i)
    sluice::go("work", [&, i] {
      if (!work(i))
        errors.send(i); // sluice: unreceived-send
      all.done();
    });
  all.wait(); // sluice: unreceived-send
  errors.close();
  return !errors.recv();
}

int main() {
  sluice::run([] { run_all(3); });
}
