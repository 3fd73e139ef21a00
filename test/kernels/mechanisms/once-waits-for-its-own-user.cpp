// Initialisation runs once, and starts a task that needs what is being initialised.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

class registry {
public:
  int get() {
    once_.call([this] { load(); }); // sluice: deadlock
    return value_;
  }

private:
  void load() {
    sluice::chan<int> first;
    sluice::go("index", [this, first] {
#ifdef REPAIRED
      first.send(value_ + 1);
#else
      first.send(get());
#endif
    });
    value_ = first.recv().value_or(0); // sluice: deadlock
  }
  sluice::once once_;
  int value_ = 0;
};

int main() {
  sluice::run([] {
    registry r;
    r.get();
  });
}
