// The outbox ends without draining its buffer of sixteen; whoever pushes next waits for ever.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <atomic>
#include <memory>

enum class consumer_status { need_more, draining };

class row_channel {
public:
  consumer_status push(int row) {
    auto status = static_cast<consumer_status>(status_.load());
    if (status == consumer_status::need_more)
      rows_.send(row); // sluice: unreceived-send
    return status;
  }

  void consumer_done() { status_.store(static_cast<int>(consumer_status::draining)); }
  void producer_done() { rows_.close(); }
  std::optional<int> next() { return rows_.recv(); }

private:
  static constexpr std::size_t size = 16;
  sluice::chan<int> rows_{size};
  std::atomic<int> status_{static_cast<int>(consumer_status::need_more)};
};

class outbox {
public:
  explicit outbox(std::shared_ptr<row_channel> in) : input_(std::move(in)) {}

  void start(sluice::wait_group &wg) {
    wg.add(1);
    sluice::go("outbox", [this, &wg] {
      main_loop();
      wg.done();
    });
  }

private:
  void main_loop() {
    // The stream could not be set up.
#ifdef REPAIRED
    input_->consumer_done();
    while (input_->next()) {
    }
#endif
  }

  std::shared_ptr<row_channel> input_;
};

int main() {
  sluice::run([] {
    auto rows = std::make_shared<row_channel>();
    outbox out(rows);
    sluice::wait_group wg;
    out.start(wg);
    sluice::wait_group pushing;
    pushing.add(1);
    sluice::go("source", [rows, &pushing] {
      for (int i = 0; i < 20; ++i)
        rows->push(i);
      pushing.done();
    });
    for (int i = 0; i < 20; ++i)
      rows->push(i);
    pushing.wait();
    rows->producer_done();
    wg.wait();
  });
}
