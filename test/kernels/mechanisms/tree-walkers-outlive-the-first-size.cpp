// Each directory is walked by a task of its own; only the first size is awaited.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <memory>
#include <sluice/sluice.hpp>
#include <vector>
struct dir {
  std::vector<std::unique_ptr<dir>> kids;
  int files = 0;
};
class walker {
public:
  sluice::chan<int> sizes;
  sluice::wait_group wg;
  void walk(const dir &d) {
    sluice::defer done([this] { wg.done(); });
    for (auto &k : d.kids) {
      wg.add(1);
      sluice::go([this, &k] { walk(*k); });
    }
    sizes.send(d.files); // sluice: unreceived-send
  }
};
int main() {
  sluice::run([] {
    dir root;
    root.kids.push_back(std::make_unique<dir>());
    auto w = std::make_shared<walker>();
    w->wg.add(1);
    sluice::go("root", [w, &root] { w->walk(root); });
#ifdef REPAIRED
    sluice::go("closer", [w] {
      w->wg.wait();
      w->sizes.close();
    });
    int total = 0;
    for (int n : w->sizes)
      total += n;
#else
    int total = w->sizes.recv().value_or(0);
    w->wg.wait();
#endif
    (void)total;
  });
}
