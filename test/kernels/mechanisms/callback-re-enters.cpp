// A listener that is called under the registry's lock asks the registry, which locks again.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <functional>
#include <mutex>
#include <vector>

class registry {
public:
  void on_change(std::function<void(int)> listener) {
    std::lock_guard hold(mu_);
    listeners_.push_back(std::move(listener));
  }

  int size() const {
    std::lock_guard hold(mu_); // sluice: double-lock
    return size_;
  }

  void add() {
#ifdef REPAIRED
    std::vector<std::function<void(int)>> told;
    {
      std::lock_guard hold(mu_);
      ++size_;
      told = listeners_;
    }
    for (auto &listener : told)
      listener(1);
#else
    std::lock_guard hold(mu_);
    ++size_;
    for (auto &listener : listeners_)
      listener(size_);
#endif
  }

private:
  mutable sluice::mutex mu_;
  std::vector<std::function<void(int)>> listeners_;
  int size_ = 0;
};

int main() {
  sluice::run([] {
    registry r;
    int seen = 0;
    r.on_change([&](int) { seen = r.size(); });
    r.add();
    return seen;
  });
}
