// One simulation thread returns early from its phases; the other waits at the barrier for it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <barrier>
#include <functional>
#include <thread>

class simulation {
public:
  simulation() : step_(2) {}
  void part(bool converges) {
    for (int i = 0; i < 2; ++i) {
      if (converges && i == 1) {
#ifdef REPAIRED
        step_.arrive_and_drop();
#endif
        return;
      }
      step_.arrive_and_wait(); // sluice: unfulfilled-wait
    }
  }

private:
  std::barrier<> step_;
};

int main() {
  simulation s;
  std::thread one([&] { s.part(false); });
  std::thread other([&] { s.part(true); });
  one.join(); // sluice: unfulfilled-wait
  other.join();
}
