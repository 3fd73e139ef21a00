// A reader that misses fills the cache, whose writer's lock waits for this very reader.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>

class cache {
public:
  int get(const std::string &key) {
    std::shared_lock reading(mu_);
    if (auto hit = find(key))
      return *hit;
#ifdef REPAIRED
    reading.unlock();
#endif
    return fill(key, 42);
  }

private:
  std::optional<int> find(const std::string &key) const {
    auto it = entries_.find(key);
    if (it == entries_.end())
      return std::nullopt;
    return it->second;
  }

  int fill(const std::string &key, int value) {
    std::unique_lock writing(mu_); // sluice: double-lock
    entries_[key] = value;
    return value;
  }

  sluice::shared_mutex mu_;
  std::map<std::string, int> entries_;
};

int main() {
  return sluice::run([] {
    cache c;
    return c.get("answer");
  });
}
