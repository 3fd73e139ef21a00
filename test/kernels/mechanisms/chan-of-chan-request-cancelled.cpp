// A dispatcher answers requests over the channel inside them; a client whose context ends reads no
// answer.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <chrono>
#include <memory>
#include <vector>

using namespace std::chrono_literals;

using reply_chan = sluice::chan<int>;

class allocator {
public:
  explicit allocator(int first) : next_(first) {}

  void run(const sluice::context &ctx) {
    std::optional<reply_chan> asked;
    while (sluice::select(sluice::on_recv(requests_, asked), sluice::on_recv(ctx.done())) == 0) {
      if (!asked)
        return;
      answer(*asked);
    }
  }

  int allocate(const sluice::context &ctx) {
#ifdef REPAIRED
    reply_chan mine(1);
#else
    reply_chan mine;
#endif
    if (!requests_.send(mine, ctx))
      return -1;
    if (auto got = mine.recv(ctx))
      return *got;
    return -1;
  }

private:
  void answer(const reply_chan &to) {
    to.send(next_++); // sluice: unreceived-send
  }

  int next_;
  sluice::chan<reply_chan> requests_;
};

int main() {
  sluice::run([] {
    auto server = sluice::with_cancel({});
    auto ids = std::make_unique<allocator>(100);
    sluice::chan<> ended;
    sluice::go("allocator", [&, ended] {
      ids->run(server.ctx);
      ended.close();
    });
    auto client = sluice::with_timeout({}, 5ms);
    std::vector<int> got;
    for (int i = 0; i < 2; ++i)
      got.push_back(ids->allocate(client.ctx));
    client.cancel();
    server.cancel();
    ended.recv(); // sluice: unreceived-send
  });
}
