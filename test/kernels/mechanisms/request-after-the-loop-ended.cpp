// A caller hands a request to an event loop that has left by its quit channel.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <optional>

struct request {
  int key = 0;
  sluice::chan<int> reply;
};

class server {
public:
  void start() {
    sluice::go("loop", [this] { loop(); });
  }

  std::optional<int> ask(int key) {
    request r{key, sluice::chan<int>(1)};
#ifdef REPAIRED
    if (sluice::select(sluice::on_send(requests_, r), sluice::on_recv(gone_)) == 1)
      return std::nullopt;
#else
    requests_.send(r); // sluice: unreceived-send
#endif
    return r.reply.recv();
  }

  void stop() {
    quit_.close();
    gone_.recv();
  }

private:
  void loop() {
    sluice::defer leave([this] { gone_.close(); });
    for (;;) {
      std::optional<request> r;
      switch (sluice::select(sluice::on_recv(requests_, r), sluice::on_recv(quit_))) {
      case 0:
        r->reply.send(r->key * 2);
        break;
      case 1:
        return;
      }
    }
  }

  sluice::chan<request> requests_;
  sluice::chan<> quit_;
  sluice::chan<> gone_;
};

int main() {
  sluice::run([] {
    server s;
    s.start();
    sluice::wait_group asked;
    asked.add(1);
    sluice::go("ask", [&] {
      s.ask(4);
      asked.done();
    });
    s.stop();
    asked.wait(); // sluice: unreceived-send
  });
}
