// Walking a tree starts a task a child, all sending their sums into one channel; a null child
// sends nothing.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>

struct node {
  int value = 0;
  std::unique_ptr<node> left, right;
};

class summer {
public:
  static int sum(const node *root) {
    sluice::chan<int> out(2);
    visit(root, out);
    int total = root->value;
    for (int i = 0; i < 2; ++i)
      total += out.recv().value_or(0); // sluice: starved-receive
    return total;
  }

private:
  static void visit(const node *n, sluice::send_chan<int> out) {
    for (const node *child : {n->left.get(), n->right.get()}) {
#ifdef REPAIRED
      if (!child) {
        out.send(0);
        continue;
      }
#else
      if (!child)
        continue;
#endif
      sluice::go("child", [child, out] { out.send(child->value); });
    }
  }
};

int main() {
  return sluice::run([] {
    auto root = std::make_unique<node>();
    root->value = 1;
    root->left = std::make_unique<node>();
    root->left->value = 2;
    return summer::sum(root.get());
  });
}
