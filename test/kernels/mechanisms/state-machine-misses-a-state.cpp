// A follower that is deposed returns without closing the channel its observers range over.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>

enum class role { follower, leader, deposed };

class node {
public:
  sluice::chan<role> changes() { return changes_; }

  void run() {
    role now = role::follower;
    while (true) {
      changes_.send(now);
      switch (now) {
      case role::follower:
        now = role::leader;
        break;
      case role::leader:
        now = lost() ? role::deposed : role::leader;
        break;
      case role::deposed:
#ifdef REPAIRED
        changes_.close();
#endif
        return;
      }
    }
  }

private:
  bool lost() { return --terms_ <= 0; }

  sluice::chan<role> changes_;
  int terms_ = 1;
};

int main() {
  sluice::run([] {
    auto n = std::make_shared<node>();
    sluice::go("node", [n] { n->run(); });
    for (role seen : n->changes()) // sluice: starved-receive
      if (seen == role::follower)
        continue;
  });
}
