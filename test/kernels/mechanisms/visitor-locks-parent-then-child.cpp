// A tree node locks itself and then its child; a child that reports up locks its parent.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <mutex>
#include <vector>

class node : public std::enable_shared_from_this<node> {
public:
  void add(std::shared_ptr<node> child) {
    std::lock_guard hold(mu_);
    child->parent_ = weak_from_this();
    children_.push_back(std::move(child));
  }
  int total() {
    std::lock_guard hold(mu_); // sluice: lock-order-cycle
    int sum = value_;
    for (auto &child : children_)
      sum += child->total();
    return sum;
  }
  void change(int by) {
#ifdef REPAIRED
    {
      std::lock_guard hold(mu_);
      value_ += by;
    }
    if (auto up = parent_.lock())
      up->touched();
#else
    std::lock_guard hold(mu_);
    value_ += by;
    if (auto up = parent_.lock())
      up->touched();
#endif
  }
  void touched() {
    std::lock_guard hold(mu_); // sluice: lock-order-cycle
    ++version_;
  }

private:
  sluice::mutex mu_;
  std::weak_ptr<node> parent_;
  std::vector<std::shared_ptr<node>> children_;
  int value_ = 1;
  int version_ = 0;
};

int main() {
  sluice::run([] {
    auto root = std::make_shared<node>();
    auto leaf = std::make_shared<node>();
    root->add(leaf);
    sluice::chan<> done(1);
    sluice::go("reader", [=] {
      root->total();
      done.send({});
    });
    leaf->change(3);
    done.recv();
  });
}
