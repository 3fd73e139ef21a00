// Callers of one key share a flight; an error path forgets to finish it, and the others wait on.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <optional>

struct flight {
  sluice::wait_group done;
  std::optional<int> value;
};

bool fetch(int key, int &value);

class cache {
public:
  std::optional<int> get(int key) {
    std::unique_lock hold(mu_);
    if (auto it = flights_.find(key); it != flights_.end()) {
      auto other = it->second;
      hold.unlock();
      other->done.wait(); // sluice: wait-group-misuse
      return other->value;
    }
    auto mine = std::make_shared<flight>();
    mine->done.add(1);
    flights_[key] = mine;
    hold.unlock();
    int value = 0;
    if (!fetch(key, value)) {
#ifdef REPAIRED
      mine->done.done();
#endif
      return std::nullopt;
    }
    mine->value = value;
    mine->done.done();
    return value;
  }

private:
  sluice::mutex mu_;
  std::map<int, std::shared_ptr<flight>> flights_;
};

int main() {
  sluice::run([] {
    cache c;
    sluice::wait_group both;
    both.add(2);
    for (int i = 0; i < 2; ++i)
      sluice::go("caller", [&] {
        c.get(1);
        both.done();
      });
    both.wait(); // sluice: wait-group-misuse
  });
}
