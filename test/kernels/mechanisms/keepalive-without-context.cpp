// A keep-alive task looks at its context between answers, but not while it hands one on.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <utility>

class lessor : public std::enable_shared_from_this<lessor> {
public:
  sluice::recv_chan<int> keep_alive(sluice::context ctx) {
    sluice::chan<int> answers;
    sluice::go("keep-alive", [self = shared_from_this(), ctx, answers] { self->renew(ctx, answers); });
    return answers;
  }

private:
  void renew(const sluice::context &ctx, const sluice::chan<int> &answers) {
    sluice::ticker every(std::chrono::milliseconds(1));
    sluice::defer finish([&] { answers.close(); });
    while (true) {
      if (sluice::select(sluice::on_recv(ctx.done()), sluice::on_recv(every.channel())) == 0)
        return;
#ifdef REPAIRED
      if (sluice::select(sluice::on_recv(ctx.done()), sluice::on_send(answers, ttl_)) == 0)
        return;
#else
      answers.send(ttl_); // sluice: unreceived-send
#endif
    }
  }

  int ttl_ = 60;
};

int main() {
  sluice::run([] {
    auto l = std::make_shared<lessor>();
    auto [ctx, cancel] = sluice::with_cancel(sluice::context::background());
    sluice::recv_chan<int> answers = l->keep_alive(ctx);
    answers.recv();
    cancel();
  });
}
