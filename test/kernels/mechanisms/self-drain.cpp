// The task that drains the queue also fills it, and the buffer is full.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <functional>

class work_queue {
public:
  void enqueue(std::function<void()> job) {
#ifdef REPAIRED
    sluice::go("enqueue", [this, job] { jobs_.send(job); });
#else
    jobs_.send(job); // sluice: unreceived-send
#endif
  }

  void run(int n) {
    for (int i = 0; i < n; ++i) {
      auto job = jobs_.recv();
      (*job)();
    }
  }

private:
  sluice::chan<std::function<void()>> jobs_{1};
};

int main() {
  sluice::run([] {
    work_queue queue;
    int done = 0;
    queue.enqueue([&] {
      queue.enqueue([&] { ++done; });
      queue.enqueue([&] { ++done; });
    });
    queue.run(3);
  });
}
