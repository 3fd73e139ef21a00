// stop() closes the channel that a worker may still send on.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>

class logger : public std::enable_shared_from_this<logger> {
public:
  void start() {
    sluice::go("log", [self = shared_from_this()] {
      for (int line : self->lines_)
        self->written_ += line;
    });
  }

  void write(int line) {
#ifdef REPAIRED
    sluice::select(sluice::on_send(lines_, line), sluice::on_recv(closing_));
#else
    lines_.send(line); // sluice: closed-channel
#endif
  }

  void stop() {
#ifdef REPAIRED
    closing_.close();
    writers_.wait();
#endif
    lines_.close();
  }

  void write_soon(int line) {
    writers_.add(1);
    sluice::go("writer", [self = shared_from_this(), line] {
      sluice::defer finished([&] { self->writers_.done(); });
      self->write(line);
    });
  }

private:
  sluice::chan<int> lines_{1};
  sluice::chan<> closing_;
  sluice::wait_group writers_;
  int written_ = 0;
};

int main() {
  sluice::run([] {
    auto l = std::make_shared<logger>();
    l->start();
    l->write_soon(1);
    l->stop();
  });
}
