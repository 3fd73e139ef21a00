// Committers wait on a condition for the syncer; the syncer signals one of them although a sync
// settles all.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <atomic>
#include <memory>
#include <mutex>

class wal {
public:
  wal() {
    sluice::go("syncer", [this] { syncer(); });
  }

  void append() {
    std::unique_lock l(mu_);
    long mine = ++written_;
    dirty_.notify_one();
    while (synced_ < mine)
      settled_.wait(l); // sluice: lost-notify
  }

  void close() {
    {
      std::lock_guard l(mu_);
      closing_ = true;
    }
    dirty_.notify_one();
    ended_.recv();
  }

private:
  void syncer() {
    std::unique_lock l(mu_);
    for (;;) {
      dirty_.wait(l, [this] { return closing_ || synced_ < written_; });
      if (closing_ && synced_ == written_)
        break;
      long upto = written_;
      l.unlock();
      fsync();
      l.lock();
      synced_ = upto;
#ifdef REPAIRED
      settled_.notify_all();
#else
      settled_.notify_one();
#endif
    }
    ended_.close();
  }
  void fsync() { sluice::yield(); }

  sluice::mutex mu_;
  sluice::condition_variable dirty_, settled_;
  long written_ = 0, synced_ = 0;
  bool closing_ = false;
  sluice::chan<> ended_;
};

int main() {
  sluice::run([] {
    wal log;
    sluice::wait_group wg;
    for (int i = 0; i < 2; ++i) {
      wg.add(1);
      sluice::go("commit", [&] {
        log.append();
        wg.done();
      });
    }
    wg.wait(); // sluice: lost-notify
    log.close();
  });
}
