// A `continue` in the loop skips the unlock.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

struct pod {
  bool ready;
};

class scheduler {
public:
  void sync(const pod *pods, int n) {
    for (int i = 0; i < n; ++i) {
      mu_.lock(); // sluice: double-lock
      if (!pods[i].ready) {
#ifdef REPAIRED
        mu_.unlock();
#endif
        continue;
      }
      ++synced_;
      mu_.unlock();
    }
  }

private:
  sluice::mutex mu_;
  int synced_ = 0;
};

int main() {
  sluice::run([] {
    const pod pods[] = {{false}, {true}};
    scheduler s;
    s.sync(pods, 2);
  });
}
