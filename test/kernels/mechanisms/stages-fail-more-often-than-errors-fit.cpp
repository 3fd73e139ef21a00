// Every item of a batch may fail, and the channel of errors holds one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <functional>
#include <sluice/sluice.hpp>
#include <string>
#include <system_error>
#include <vector>
template <class T> class pipeline {
public:
  using stage = std::function<std::error_code(T &)>;
  pipeline &then(stage s) {
    stages_.push_back(std::move(s));
    return *this;
  }
  std::error_code run(std::vector<T> items) {
#ifdef REPAIRED
    sluice::chan<std::error_code> errs(items.size());
#else
    sluice::chan<std::error_code> errs(1);
#endif
    sluice::wait_group wg;
    for (auto &item : items) {
      wg.add(1);
      sluice::go([this, &item, &wg, errs] {
        sluice::defer d([&] { wg.done(); });
        for (auto &s : stages_)
          if (auto ec = s(item)) {
            errs.send(ec); // sluice: unreceived-send
            return;
          }
      });
    }
    wg.wait();
    if (auto e = errs.try_recv())
      return *e;
    return {};
  }

private:
  std::vector<stage> stages_;
};
int main() {
  sluice::run([] {
    pipeline<int> p;
    p.then([](int &v) {
       v *= 2;
       return std::error_code{};
     }).then([](int &v) {
      return v > 0 ? std::make_error_code(std::errc::io_error) : std::error_code{};
    });
    (void)p.run({1, 2, 3});
  });
}
