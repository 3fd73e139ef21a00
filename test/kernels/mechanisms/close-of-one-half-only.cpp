// A client closes the stream it writes to; the task that reads the answers is never told.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <optional>
#include <string>

class transport {
public:
  virtual ~transport() = default;
  virtual void write(std::string frame) = 0;
  virtual std::optional<std::string> read() = 0;
  virtual void shutdown() = 0;
};

class pipe_transport : public transport {
public:
  pipe_transport(sluice::chan<std::string> in, sluice::chan<std::string> out)
      : in_(std::move(in)), out_(std::move(out)) {}
  void write(std::string frame) override { out_.send(std::move(frame)); }
  std::optional<std::string> read() override {
    return in_.recv(); // sluice: starved-receive
  }
  void shutdown() override { out_.close(); }

private:
  sluice::chan<std::string> in_;
  sluice::chan<std::string> out_;
};

class client {
public:
  explicit client(std::shared_ptr<transport> t) : transport_(std::move(t)) {
    sluice::go("read", [t = transport_] {
      while (auto frame = t->read())
        ;
    });
  }
  ~client() { transport_->shutdown(); }
  void call() { transport_->write("call"); }

private:
  std::shared_ptr<transport> transport_;
};

void serve(sluice::chan<std::string> in, sluice::chan<std::string> out) {
  for (std::string frame : in)
    out.send(frame + "!");
#ifdef REPAIRED
  out.close();
#endif
}

int main() {
  sluice::run([] {
    sluice::chan<std::string> up;
    sluice::chan<std::string> down;
    sluice::go("serve", [=] { serve(up, down); });
    client c(std::make_shared<pipe_transport>(down, up));
    c.call();
  });
}
