// A worker behind an interface stops at the first error, and the feeder keeps handing it jobs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <functional>
#include <memory>
#include <utility>

class executor {
public:
  virtual ~executor() = default;
  virtual void submit(std::function<bool()> job) = 0;
  virtual void close() = 0;
};

class serial_executor : public executor {
public:
  serial_executor() {
    sluice::go("serial", [jobs = jobs_, done = done_] {
      for (auto job : jobs)
        if (!job())
#ifdef REPAIRED
          continue;
#else
          break;
#endif
      done.close();
    });
  }
  void submit(std::function<bool()> job) override {
    jobs_.send(std::move(job)); // sluice: unreceived-send
  }
  void close() override {
    jobs_.close();
    done_.recv();
  }

private:
  sluice::chan<std::function<bool()>> jobs_;
  sluice::chan<> done_;
};

bool flush(int page);

int main() {
  sluice::run([] {
    std::unique_ptr<executor> ex = std::make_unique<serial_executor>();
    ex->submit([] { return flush(1); });
    ex->submit([] { return flush(2); });
    ex->close();
  });
}
