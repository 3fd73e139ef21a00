// A log follower leaves on a read error; the file watcher that feeds it is stuck with its next
// event.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

namespace logs {

struct file_event {
  enum kind { written, rotated, removed } what = written;
};

struct message {
  std::string line;
};

class log_watcher {
public:
  sluice::chan<message> msg{16};
  sluice::chan<std::error_code> err{1};
  sluice::recv_chan<> gone() const { return closed_; }
  void close() {
    once_.call([this] { closed_.close(); });
  }

private:
  sluice::chan<> closed_;
  sluice::once once_;
};

class file_notifier {
public:
  explicit file_notifier(int events) : left_(events) {}
  sluice::recv_chan<file_event> events() const { return events_; }
  void stop() { quit_.close(); }

  void run() {
    while (left_-- > 0) {
      file_event e{std::rand() % 5 == 0 ? file_event::rotated : file_event::written};
#ifdef REPAIRED
      switch (sluice::select(sluice::on_send(events_, e), sluice::on_recv(quit_))) {
      case 1:
        return;
      }
#else
      events_.send(e); // sluice: unreceived-send
#endif
    }
    events_.close();
  }

private:
  int left_;
  sluice::chan<file_event> events_;
  sluice::chan<> quit_;
};

class follower {
public:
  follower(std::shared_ptr<log_watcher> to, std::function<std::optional<message>()> decode)
      : to_(std::move(to)), decode_(std::move(decode)) {}

  void follow(file_notifier &from) {
    sluice::defer stop([&from] { from.stop(); });
    auto events = from.events();
    for (;;) {
      std::optional<file_event> e;
      switch (sluice::select(sluice::on_recv(events, e), sluice::on_recv(to_->gone()))) {
      case 0:
        if (!e)
          return;
        if (!handle(*e))
          return;
        break;
      case 1:
        return;
      }
    }
  }

private:
  bool handle(const file_event &e) {
    if (e.what == file_event::removed)
      return false;
    auto m = decode_();
    if (!m) {
      to_->err.send(std::make_error_code(std::errc::io_error));
      return false;
    }
    return to_->msg.try_send(*m);
  }

  std::shared_ptr<log_watcher> to_;
  std::function<std::optional<message>()> decode_;
};

} // namespace logs

static std::optional<logs::message> decode_line() {
  if (std::rand() % 3 == 0)
    return std::nullopt;
  return logs::message{"line"};
}

int main() {
  sluice::run([] {
    auto watcher = std::make_shared<logs::log_watcher>();
    auto notifier = std::make_shared<logs::file_notifier>(4);
    sluice::go("notify", [notifier] { notifier->run(); });
    sluice::chan<> done;
    sluice::go("follow", [=] {
      logs::follower f(watcher, decode_line);
      f.follow(*notifier);
      done.close();
    });
    done.recv();
    watcher->close();
  });
}
