// A connection's writes go through a loop; after a write error the loop is gone but the reader
// still answers pings.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <cstdlib>
#include <memory>
#include <optional>
#include <system_error>

struct packet {
  enum type_t { data, ping, pong } type = data;
};

class wire {
public:
  std::error_code write(const packet &) {
    return std::rand() % 5 ? std::error_code() : std::make_error_code(std::errc::broken_pipe);
  }
};

class conn : public std::enable_shared_from_this<conn> {
public:
  static std::shared_ptr<conn> dial(sluice::recv_chan<packet> incoming) {
    auto c = std::shared_ptr<conn>(new conn(std::move(incoming)));
    c->start();
    return c;
  }
  void wait() {
    reader_done_.recv(); // sluice: unreceived-send
    writer_done_.recv();
  }

private:
  explicit conn(sluice::recv_chan<packet> in) : in_(std::move(in)) {}

  void start() {
    auto self = shared_from_this();
    sluice::go("write loop", [self] { self->write_loop(); });
    sluice::go("read loop", [self] { self->read_loop(); });
  }

  void write_loop() {
    sluice::defer end([this] { writer_done_.close(); });
    while (auto p = out_.recv())
      if (wire_.write(*p))
        return;
  }

  void read_loop() {
    while (auto p = in_.recv()) {
      if (p->type != packet::ping)
        continue;
#ifdef REPAIRED
      if (sluice::select(sluice::on_send(out_, packet{packet::pong}),
                         sluice::on_recv(writer_done_)) == 1)
        break;
#else
      out_.send(packet{packet::pong}); // sluice: unreceived-send
#endif
    }
    out_.close();
    reader_done_.close();
  }

  wire wire_;
  sluice::recv_chan<packet> in_;
  sluice::chan<packet> out_;
  sluice::chan<> reader_done_, writer_done_;
};

int main() {
  sluice::run([] {
    sluice::chan<packet> peer(4);
    peer.send({packet::ping});
    peer.send({packet::data});
    peer.send({packet::ping});
    peer.close();
    auto c = conn::dial(peer);
    c->wait();
  });
}
