// A proxy copies both ways and waits for both; the copier whose side stays open never ends.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

class pipe_end {
public:
  pipe_end(sluice::recv_chan<std::string> in, sluice::send_chan<std::string> out)
      : in_(std::move(in)), out_(std::move(out)) {}

  std::optional<std::string> read() { return in_.recv(); } // sluice: starved-receive
  void write(std::string s) { out_.send(std::move(s)); }
  void close_write() { out_.close(); }

private:
  sluice::recv_chan<std::string> in_;
  sluice::send_chan<std::string> out_;
};

std::pair<std::shared_ptr<pipe_end>, std::shared_ptr<pipe_end>> make_pipe() {
  sluice::chan<std::string> left(1), right(1);
  return {std::make_shared<pipe_end>(left, right), std::make_shared<pipe_end>(right, left)};
}

class proxy {
public:
  proxy(std::shared_ptr<pipe_end> a, std::shared_ptr<pipe_end> b)
      : a_(std::move(a)), b_(std::move(b)) {}

  void run() {
    sluice::chan<> done;
    sluice::go("up", [this, done] { copy(*a_, *b_, done); });
    sluice::go("down", [this, done] { copy(*b_, *a_, done); });
    done.recv();
    done.recv(); // sluice: starved-receive
  }

private:
  static void copy(pipe_end &from, pipe_end &to, sluice::send_chan<> done) {
    while (auto chunk = from.read())
      to.write(std::move(*chunk));
#ifdef REPAIRED
    to.close_write();
#endif
    done.send({});
  }

  std::shared_ptr<pipe_end> a_, b_;
};

int main() {
  sluice::run([] {
    auto [client, outer] = make_pipe();
    auto [inner, server] = make_pipe();
    sluice::go("server", [s = server] {
      while (auto request = s->read())
        s->write("reply");
      s->close_write();
    });
    sluice::go("client", [c = client] {
      c->write("request");
      c->read();
      c->close_write();
      while (c->read())
        ;
    });
    proxy p(outer, inner);
    p.run();
  });
}
