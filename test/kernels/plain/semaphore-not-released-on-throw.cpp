// A permit is released at the end of the function only; an exception skips it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <semaphore>
#include <stdexcept>

class limiter {
public:
  template <typename F> void run(F &&work) {
    permits_.acquire(); // sluice: unfulfilled-wait
#ifdef REPAIRED
    struct back {
      std::counting_semaphore<1> &permits;
      ~back() { permits.release(); }
    } give{permits_};
    work();
#else
    work();
    permits_.release();
#endif
  }

private:
  std::counting_semaphore<1> permits_{1};
};

int main() {
  limiter l;
  for (int i = 0; i < 2; ++i)
    try {
      l.run([] { throw std::runtime_error("no route"); });
    } catch (const std::runtime_error &) {
    }
}
