// A reader calls another reader of the same state while a writer has queued in between.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>

class state_memory {
public:
  std::optional<int> cpu_set(int container) {
    std::shared_lock hold(mu_); // sluice: double-lock
    return find(container);
  }

  int cpu_set_or_default(int container) {
    std::shared_lock hold(mu_);
#ifdef REPAIRED
    std::optional<int> own = find(container);
#else
    std::optional<int> own = cpu_set(container);
#endif
    return own ? *own : 0;
  }

  void set_cpu_set(int container, int cpus) {
    std::lock_guard hold(mu_);
    assigned_[container] = cpus;
  }

private:
  std::optional<int> find(int container) {
    auto found = assigned_.find(container);
    if (found == assigned_.end())
      return std::nullopt;
    return found->second;
  }

  sluice::shared_mutex mu_;
  std::map<int, int> assigned_;
};

class manager {
public:
  explicit manager(std::shared_ptr<state_memory> s) : state_(std::move(s)) {}
  void reconcile() { state_->cpu_set_or_default(1); }
  void add_container() { state_->set_cpu_set(1, 2); }

private:
  std::shared_ptr<state_memory> state_;
};

int main() {
  sluice::run([] {
    auto m = std::make_shared<manager>(std::make_shared<state_memory>());
    sluice::go("reconcile", [m] { m->reconcile(); });
    sluice::go("add", [m] { m->add_container(); });
    sluice::sleep_for(std::chrono::milliseconds(20));
  });
}
