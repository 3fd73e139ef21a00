// Two callers get a plugin; the second waits on the condition for an activation that has failed
// without a broadcast.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <string>

enum class status { idle, activating, active, failed };

class extension {
public:
  explicit extension(std::string name) : name_(std::move(name)) {}

  status activate() {
    std::unique_lock l(mu_);
    switch (state_) {
    case status::active:
    case status::failed:
      return state_;
    case status::activating:
      while (state_ == status::activating)
        settled_.wait(l); // sluice: lost-notify
      return state_;
    case status::idle:
      break;
    }
    state_ = status::activating;
    l.unlock();
    bool ok = handshake();
    l.lock();
    if (!ok) {
      state_ = status::failed;
#ifdef REPAIRED
      settled_.notify_all();
#endif
      return state_;
    }
    state_ = status::active;
    settled_.notify_all();
    return state_;
  }

private:
  bool handshake() { return std::rand() % 3 != 0; }

  std::string name_;
  sluice::mutex mu_;
  sluice::condition_variable settled_;
  status state_ = status::idle;
};

class registry {
public:
  status get(const std::string &name) { return lookup(name)->activate(); }

private:
  std::shared_ptr<extension> lookup(const std::string &name) {
    std::lock_guard l(mu_);
    auto it = all_.find(name);
    if (it == all_.end())
      it = all_.emplace(name, std::make_shared<extension>(name)).first;
    return it->second;
  }

  sluice::mutex mu_;
  std::map<std::string, std::shared_ptr<extension>> all_;
};

int main() {
  sluice::run([] {
    registry r;
    auto other = sluice::async([&r] { return r.get("volume"); });
    status mine = r.get("volume");
    status theirs = other.get();
    return mine == theirs;
  });
}
