// The consumer leaves when the flag is set; a producer that is past its look at the flag sends for ever.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <atomic>
#include <memory>

class feed {
public:
  void produce() {
    for (int i = 0; !stopped_.load(); ++i)
#ifdef REPAIRED
      sluice::select(sluice::on_send(items_, i), sluice::on_recv(quit_));
#else
      items_.send(i); // sluice: unreceived-send
#endif
  }

  void consume(int wanted) {
    for (int i = 0; i < wanted; ++i)
      items_.recv();
    stopped_.store(true);
    quit_.close();
  }

private:
  sluice::chan<int> items_;
  sluice::chan<> quit_;
  std::atomic<bool> stopped_{false};
};

int main() {
  sluice::run([] {
    auto l = std::make_shared<feed>();
    sluice::go("produce", [l] { l->produce(); });
    l->consume(2);
  });
}
