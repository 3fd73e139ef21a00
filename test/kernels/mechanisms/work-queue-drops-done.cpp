// A worker that finds a task cancelled goes on to the next without counting it as done.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

struct job {
  std::function<int()> body;
  std::shared_ptr<std::atomic<bool>> cancelled;
};

class executor {
public:
  explicit executor(int workers) {
    for (int i = 0; i < workers; ++i)
      sluice::go("worker", [this] { this->work(); });
  }

  void submit(job j) {
    inflight_.add(1);
    queue_.send(std::move(j));
  }

  void drain() {
    queue_.close();
    inflight_.wait(); // sluice: wait-group-misuse
  }

private:
  void work() {
    while (auto j = queue_.recv()) {
#ifdef REPAIRED
      sluice::defer done([this] { inflight_.done(); });
      if (j->cancelled->load())
        continue;
      j->body();
#else
      if (j->cancelled->load())
        continue;
      j->body();
      inflight_.done();
#endif
    }
  }

  sluice::chan<job> queue_;
  sluice::wait_group inflight_;
};

int main() {
  sluice::run([] {
    executor pool(2);
    std::vector<std::shared_ptr<std::atomic<bool>>> flags;
    for (int i = 0; i < 3; ++i)
      flags.push_back(std::make_shared<std::atomic<bool>>(false));
    sluice::go("canceller", [flags] { flags[1]->store(true); });
    for (auto &f : flags)
      pool.submit(job{[] { return 1; }, f});
    pool.drain();
  });
}
