// A handler on an event loop posts its follow-up into the loop's own small queue, which is full of
// ticks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <functional>
#include <memory>

class event_loop {
public:
  explicit event_loop(std::size_t depth) : queue_(depth) {}

  void post(std::function<void()> f) {
    queue_.send(std::move(f)); // sluice: unreceived-send
  }

  void run() {
    for (std::function<void()> f : queue_)
      f();
  }

  void quit() { queue_.close(); }

private:
  sluice::chan<std::function<void()>> queue_;
};

class connection {
public:
  explicit connection(event_loop &l) : loop_(l) {}

  void on_readable(int bytes) {
    received_ += bytes;
#ifdef REPAIRED
    flush();
#else
    loop_.post([this] { flush(); });
    loop_.post([this] { flush(); });
#endif
  }

private:
  void flush() { flushed_ = received_; }

  [[maybe_unused]] event_loop &loop_;
  int received_ = 0;
  int flushed_ = 0;
};

int main() {
  sluice::run([] {
    event_loop loop(1);
    connection c(loop);
    sluice::chan<> ended;
    sluice::go("loop", [&] {
      loop.run();
      ended.close();
    });
    loop.post([&] { c.on_readable(10); });
    sluice::sleep_for(std::chrono::milliseconds(5));
    loop.post([&] { loop.quit(); });
    ended.recv();
  });
}
