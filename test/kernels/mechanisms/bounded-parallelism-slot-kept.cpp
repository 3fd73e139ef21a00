// Slots of a buffered channel bound how many fetches run; a fetch that is skipped keeps its slot.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <functional>
#include <string>
#include <vector>

class slots {
public:
  explicit slots(int n) : taken_(n) {}
  void take() { taken_.send({}); } // sluice: unreceived-send
  void give() { taken_.recv(); }

private:
  sluice::chan<> taken_;
};

class crawler {
public:
  crawler(int parallel, std::function<bool(const std::string &)> allowed)
      : slots_(parallel), allowed_(std::move(allowed)) {}

  int crawl(const std::vector<std::string> &urls) {
    sluice::wait_group wg;
    for (const auto &url : urls) {
      slots_.take();
      if (!allowed_(url)) {
#ifdef REPAIRED
        slots_.give();
#endif
        ++skipped_;
        continue;
      }
      wg.add(1);
      sluice::go("fetch", [this, url, &wg] {
        fetch(url);
        slots_.give();
        wg.done();
      });
    }
    wg.wait();
    return skipped_;
  }

private:
  void fetch(const std::string &) { sluice::yield(); }

  slots slots_;
  std::function<bool(const std::string &)> allowed_;
  int skipped_ = 0;
};

int main() {
  return sluice::run([] {
    crawler c(1, [](const std::string &u) { return u.size() > 3; });
    return c.crawl({"one", "two", "three"});
  });
}
