// A bounded pool runs a job that waits for the result of a job queued behind it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <functional>

class pool {
public:
  explicit pool(int workers) {
    for (int i = 0; i < workers; ++i)
      sluice::go("worker", [jobs = jobs_] {
        for (auto job : jobs)
          job();
      });
  }
  sluice::recv_chan<int> submit(std::function<int()> f) {
    sluice::chan<int> result(1);
    jobs_.send([result, f] { result.send(f()); });
    return result;
  }
  void close() { jobs_.close(); }

private:
  sluice::chan<std::function<void()>> jobs_{4};
};

int main() {
  sluice::run([] {
#ifdef REPAIRED
    pool p(2);
#else
    pool p(1);
#endif
    auto outer = p.submit([&] {
      auto inner = p.submit([] { return 1; });
      return inner.recv().value_or(0); // sluice: starved-receive
    });
    outer.recv(); // sluice: starved-receive
    p.close();
  });
}
