// The watcher runs under a context whose cancel is skipped when the lookup fails.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <string>

class watcher {
public:
  explicit watcher(sluice::context ctx) : ctx_(ctx) {}

  sluice::recv_chan<int> watch() {
    sluice::chan<int> out(1);
    sluice::go("watch", [ctx = ctx_, out] {
      sluice::ticker beat(std::chrono::milliseconds(1));
      const sluice::recv_chan<sluice::clock::time_point> beats = beat.channel();
      const sluice::recv_chan<> done = ctx.done();
      for (;;) {
        switch (sluice::select(on_recv(beats), on_recv(done))) { // sluice: missing-cancellation
        case 0:
          (void)out.try_send(1);
          break;
        case 1:
          out.close();
          return;
        }
      }
    });
    return out;
  }

private:
  sluice::context ctx_;
};

bool lookup(const std::string &name) { return name.size() > 3; }

bool await_change(const std::string &name) {
  auto [ctx, cancel] = sluice::with_cancel(sluice::context::background());
#ifdef REPAIRED
  sluice::defer always([&cancel] { cancel(); });
#endif
  watcher w(ctx);
  sluice::recv_chan<int> changes = w.watch();
  if (!lookup(name))
    return false;
  changes.recv();
  cancel();
  return true;
}

int main() {
  sluice::run([] { return await_change("abc") ? 0 : 1; });
}
