// A wake-up is dropped when the loop is not yet waiting, and no second one comes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>

class scheduler {
public:
  void wake() { wake_.try_send({}); }

  void wait_for_work() {
    wake_.recv(); // sluice: starved-receive
  }

private:
#ifdef REPAIRED
  sluice::chan<> wake_{1};
#else
  sluice::chan<> wake_;
#endif
};

int main() {
  sluice::run([] {
    auto s = std::make_shared<scheduler>();
    sluice::go("work", [s] { s->wait_for_work(); });
    s->wake();
  });
}
