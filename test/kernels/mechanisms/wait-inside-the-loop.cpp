// wait() stands in the loop that starts the tasks, which wait for the loop's end.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <vector>

struct image {
  int id;
};

void pull(const std::vector<image> &images) {
  sluice::wait_group group;
  sluice::chan<> all_started;
  group.add(static_cast<int>(images.size()));
  for (const image &i : images) {
    sluice::go("pull", [&group, all_started, id = i.id] {
      sluice::defer finished([&group] { group.done(); });
      if (id < 0)
        return;
    });
#ifndef REPAIRED
    group.wait(); // sluice: wait-group-misuse
#endif
  }
#ifdef REPAIRED
  group.wait();
#endif
  all_started.close();
}

int main() {
  sluice::run([] { pull({{1}, {2}}); });
}
