// A supervisor restarts its children under its lock and waits until each has registered.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <map>
#include <mutex>
#include <string>

class supervisor {
public:
  void restart(const std::string &name) {
    std::unique_lock hold(mu_);
    sluice::chan<> up;
    sluice::go(name, [this, name, up] {
      enrol(name);
      up.close();
    });
#ifdef REPAIRED
    hold.unlock();
#endif
    up.recv(); // sluice: blocking-under-lock
  }

private:
  void enrol(const std::string &name) {
    std::lock_guard hold(mu_); // sluice: blocking-under-lock
    ++children_[name];
  }
  sluice::mutex mu_;
  std::map<std::string, int> children_;
};

int main() {
  sluice::run([] {
    supervisor s;
    s.restart("db");
  });
}
