// Followers receive under the mutex the leader needs before it can close the channel.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <mutex>
#include <vector>

struct round_client {
  std::function<void()> acquire;
  std::function<void()> validate;
  std::function<void()> release;
};

void run_election() {
  constexpr int clients = 3;
  sluice::mutex mu;
  sluice::chan<> next_round;
  bool released = false;
  std::vector<round_client> rounds(clients);
  for (int i = 0; i < clients; ++i) {
    bool leader = i == 0;
    rounds[i].acquire = [] {};
    rounds[i].validate = [] {};
    rounds[i].release = [&, leader] {
      if (leader) {
        next_round.close();
        released = true;
      }
    };
    if (!leader)
      rounds[i].release = [&] {
        next_round.recv(); // sluice: blocking-under-lock
      };
  }
  sluice::wait_group wg;
  wg.add(clients);
  for (round_client &rc : rounds)
    sluice::go([&] {
      sluice::defer finished([&] { wg.done(); });
      rc.acquire();
      {
        std::lock_guard hold(mu);
        rc.validate();
      }
#ifdef REPAIRED
      rc.release();
#else
      std::lock_guard hold(mu);
      rc.release();
#endif
    });
  wg.wait();
}

int main() { sluice::run(run_election); }
