// Who unlocks what it does not hold is one defect: what follows from it is not told as well.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <chrono>
#include <mutex>
#include <thread>

void unlocksWhatItDidNotGetBad() {
  std::timed_mutex door;
  door.lock();
  std::thread guest([&door] {
    door.try_lock_for(std::chrono::seconds(1));
    // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: unlock of 'door' is possible here while 'guest' does not hold it
    door.unlock();
  });
  door.unlock();
  guest.join();
}

void unlocksItsOwnOk() {
  std::timed_mutex door;
  door.lock();
  std::thread guest([&door] {
    if (door.try_lock_for(std::chrono::seconds(1)))
      door.unlock();
  });
  door.unlock();
  guest.join();
}
