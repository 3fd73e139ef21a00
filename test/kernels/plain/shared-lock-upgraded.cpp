// A lookup that misses takes the exclusive lock while it still holds the shared one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <map>
#include <mutex>
#include <shared_mutex>

class names {
public:
  int id(int name) {
    {
      std::shared_lock read(mutex_);
      auto found = ids_.find(name);
      if (found != ids_.end())
        return found->second;
#ifndef REPAIRED
      return insert(name);
#endif
    }
    return insert(name);
  }

private:
  int insert(int name) {
    std::unique_lock write(mutex_); // sluice: double-lock
    return ids_[name] = 1;
  }
  std::shared_mutex mutex_;
  std::map<int, int> ids_;
};

int main() {
  names n;
  return n.id(3) != 1;
}
