// A condition waits through the read side; the reader locks it again behind a queued writer.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <mutex>
#include <shared_mutex>

class system_config {
public:
  void publish() {
    std::lock_guard hold(mu_);
    ready_ = true;
    updated_.notify_all();
  }

  void refresh() {
    std::lock_guard hold(mu_);
    ++version_;
  }

  int execute() {
    std::shared_lock hold(mu_);
    updated_.wait(hold, [this] { return ready_; });
#ifdef REPAIRED
    return version_locked();
#else
    return version();
#endif
  }

private:
  int version() {
    std::shared_lock hold(mu_); // sluice: double-lock
    return version_locked();
  }
  int version_locked() const { return version_; }

  sluice::shared_mutex mu_;
  sluice::condition_variable updated_;
  bool ready_ = false;
  int version_ = 0;
};

int main() {
  sluice::run([] {
    auto config = std::make_shared<system_config>();
    sluice::go("gossip", [config] {
      config->publish();
      config->refresh();
    });
    config->execute();
  });
}
