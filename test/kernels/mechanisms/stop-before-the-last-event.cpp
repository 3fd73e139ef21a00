// stop() ends the loop that reads events while a publisher may still hand one over.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>

class event_bus {
public:
  void start() {
    sluice::go("dispatch", [this] { dispatch(); });
  }

  void publish(int event) {
#ifdef REPAIRED
    sluice::select(sluice::on_send(events_, event), sluice::on_recv(stopped_));
#else
    events_.send(event); // sluice: unreceived-send
#endif
  }

  void stop() { stopped_.close(); }

private:
  void dispatch() {
    for (;;) {
      std::optional<int> event;
      switch (sluice::select(sluice::on_recv(events_, event), sluice::on_recv(stopped_))) {
      case 0:
        ++handled_;
        break;
      case 1:
        return;
      }
    }
  }

  sluice::chan<int> events_;
  sluice::chan<> stopped_;
  int handled_ = 0;
};

int main() {
  sluice::run([] {
    auto bus = std::make_shared<event_bus>();
    bus->start();
    sluice::go("publisher", [bus] {
      for (int i = 0; i < 3; ++i)
        bus->publish(i);
    });
    bus->stop();
  });
}
