// Two transfers each need two permits and take them one by one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

void move(sluice::semaphore &permits) {
  permits.acquire();
  permits.acquire(); // sluice: unfulfilled-wait
  permits.release();
  permits.release();
}

int main() {
  sluice::run([] {
#ifdef REPAIRED
    sluice::semaphore permits(3);
#else
    sluice::semaphore permits(2);
#endif
    sluice::wait_group both;
    both.add(2);
    for (int i = 0; i < 2; ++i)
      sluice::go("move", [&] {
        move(permits);
        both.done();
      });
    both.wait(); // sluice: unfulfilled-wait
  });
}
