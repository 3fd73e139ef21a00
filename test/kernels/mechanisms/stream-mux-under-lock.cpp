// The reader of a connection hands frames to a stream's small buffer under the lock that closing
// the stream takes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <optional>

struct frame {
  unsigned stream = 0;
  bool fin = false;
};

class stream;

class session {
public:
  std::shared_ptr<stream> open(unsigned id);
  void forget(unsigned id);
  void read_loop(sluice::recv_chan<frame> wire);

private:
  void dispatch(const frame &f);
  sluice::mutex mu_;
  std::map<unsigned, std::shared_ptr<stream>> streams_;
};

class stream {
public:
  stream(session &owner, unsigned id) : owner_(owner), id_(id) {}

  void deliver(const frame &f) {
    inbox_.send(f); // sluice: unreceived-send
  }

  bool read_header() {
    auto f = inbox_.recv();
    return f && !f->fin;
  }

  void close() { owner_.forget(id_); }

private:
  session &owner_;
  unsigned id_;
  sluice::chan<frame> inbox_{1};
};

std::shared_ptr<stream> session::open(unsigned id) {
  auto s = std::make_shared<stream>(*this, id);
  std::lock_guard hold(mu_);
  streams_.emplace(id, s);
  return s;
}

void session::forget(unsigned id) {
  std::lock_guard hold(mu_); // sluice: unreceived-send
  streams_.erase(id);
}

void session::dispatch(const frame &f) {
  std::unique_lock hold(mu_);
  auto it = streams_.find(f.stream);
  if (it == streams_.end())
    return;
  it->second->deliver(f);
}

void session::read_loop(sluice::recv_chan<frame> wire) {
  for (frame f : wire)
    dispatch(f);
}

void serve(std::shared_ptr<stream> s) {
  bool more = s->read_header();
#ifdef REPAIRED
  while (more)
    more = s->read_header();
#endif
  (void)more;
  s->close();
}

int main() {
  sluice::run([] {
    session conn;
    sluice::chan<frame> wire;
    auto s = conn.open(7);
    sluice::wait_group wg;
    wg.add(2);
    sluice::go("read", [&] {
      conn.read_loop(wire);
      wg.done();
    });
    sluice::go("serve", [&, s] {
      serve(s);
      wg.done();
    });
    for (int i = 0; i < 3; ++i)
      wire.send({7, i == 2});
    wire.close();
    wg.wait(); // sluice: unreceived-send
  });
}
