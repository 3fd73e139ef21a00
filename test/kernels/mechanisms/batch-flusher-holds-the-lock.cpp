// A batcher flushes when it is full: it sends under the lock that the flusher's ack needs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <mutex>
#include <queue>
#include <vector>

class batcher {
public:
  void add(int item) {
    std::unique_lock hold(mu_);
    items_.push_back(item);
    if (items_.size() < 2)
      return;
    std::vector<int> batch;
    batch.swap(items_);
#ifdef REPAIRED
    hold.unlock();
#endif
    out_.send(batch); // sluice: blocking-under-lock
  }
  void run() {
    for (auto batch : out_)
      acked(static_cast<int>(batch.size()));
  }
  void close() { out_.close(); }

private:
  void acked(int n) {
    std::lock_guard hold(mu_); // sluice: blocking-under-lock
    acked_ += n;
  }
  sluice::mutex mu_;
  std::vector<int> items_;
  sluice::chan<std::vector<int>> out_;
  int acked_ = 0;
};

int main() {
  sluice::run([] {
    batcher b;
    sluice::chan<> done(1);
    sluice::go("flusher", [&] {
      b.run();
      done.send({});
    });
    for (int i = 0; i < 4; ++i)
      b.add(i);
    b.close();
    done.recv();
  });
}
