// Adding a disk rolls back through a method that locks the same embedded mutex.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <mutex>
#include <string>
#include <vector>

class service_vm : public sluice::mutex {
public:
  bool hot_add_disks(const std::vector<std::string> &disks) {
    std::lock_guard hold(*this);
    std::vector<std::string> added;
    for (const std::string &d : disks) {
      if (!attach(d)) {
#ifdef REPAIRED
        remove_locked(added);
#else
        hot_remove_disks(added);
#endif
        return false;
      }
      added.push_back(d);
    }
    return true;
  }

  void hot_remove_disks(const std::vector<std::string> &disks) {
    std::lock_guard hold(*this); // sluice: double-lock
    remove_locked(disks);
  }

private:
  bool attach(const std::string &disk) { return !disk.empty(); }
  void remove_locked(const std::vector<std::string> &disks) { attached_ -= disks.size(); }

  std::size_t attached_ = 0;
};

int main() {
  sluice::run([] {
    auto vm = std::make_shared<service_vm>();
    sluice::chan<bool> tried(1);
    sluice::go([vm, tried] { tried.send(vm->hot_add_disks({"a", ""})); });
    sluice::sleep_for(std::chrono::milliseconds(20));
    (void)tried.try_recv();
  });
}
