// Concurrent loads of one key share a call; a loader that fails removes it without waking those
// who wait for it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

class loader {
public:
  virtual ~loader() = default;
  virtual std::optional<int> load(const std::string &key) = 0;
};

class disk final : public loader {
public:
  std::optional<int> load(const std::string &) override {
    if (std::rand() % 2)
      return std::nullopt;
    return 7;
  }
};

class cache {
  struct pending {
    sluice::chan<> ready;
    std::optional<int> value;
  };

public:
  explicit cache(std::unique_ptr<loader> from) : from_(std::move(from)) {}

  std::optional<int> get(const std::string &key) {
    std::unique_lock l(mu_);
    if (auto it = loads_.find(key); it != loads_.end()) {
      std::shared_ptr<pending> other = it->second;
      l.unlock();
      other->ready.recv(); // sluice: starved-receive
      return other->value;
    }
    auto mine = std::make_shared<pending>();
    loads_[key] = mine;
    l.unlock();
    auto v = from_->load(key);
    if (!v) {
      forget(key);
#ifdef REPAIRED
      mine->ready.close();
#endif
      return std::nullopt;
    }
    mine->value = v;
    mine->ready.close();
    forget(key);
    return v;
  }

private:
  void forget(const std::string &key) {
    std::lock_guard l(mu_);
    loads_.erase(key);
  }

  std::unique_ptr<loader> from_;
  sluice::mutex mu_;
  std::map<std::string, std::shared_ptr<pending>> loads_;
};

int main() {
  sluice::run([] {
    cache c(std::make_unique<disk>());
    sluice::chan<> done(2);
    for (int i = 0; i < 2; ++i)
      sluice::go("get", [&c, done] {
        c.get("a");
        done.send({});
      });
    for (int i = 0; i < 2; ++i)
      done.recv(); // sluice: starved-receive
  });
}
