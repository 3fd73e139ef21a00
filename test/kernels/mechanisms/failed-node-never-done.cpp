// A node that fails returns before it says that it is done; those that depend on it wait.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <functional>
#include <memory>
#include <sluice/sluice.hpp>
#include <stdexcept>
#include <string>
#include <vector>
struct node {
  std::string name;
  std::vector<std::shared_ptr<node>> deps;
  std::function<void()> work;
  sluice::chan<> done;
};
using node_ptr = std::shared_ptr<node>;
void run_node(node_ptr n) {
  for (auto &d : n->deps)
    d->done.recv(); // sluice: starved-receive
#ifdef REPAIRED
  sluice::defer fin([&] { n->done.close(); });
#endif
  try {
    n->work();
  } catch (const std::exception &) {
    return;
  }
#ifndef REPAIRED
  n->done.close();
#endif
}
int main() {
  sluice::run([] {
    auto a = std::make_shared<node>();
    a->name = "a";
    a->work = [] { throw std::runtime_error("no disk"); };
    auto b = std::make_shared<node>();
    b->name = "b";
    b->deps.push_back(a);
    b->work = [] {};
    for (auto &n : {a, b})
      sluice::go("node", [n] { run_node(n); });
  });
}
