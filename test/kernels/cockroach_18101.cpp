// The reader returns when its context ends; the splitter blocks once the buffer of six is full.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <vector>

static constexpr int concurrency = 6;

void split_and_scatter(sluice::context ctx, std::vector<int> spans, sluice::send_chan<int> ready) {
  for (int span : spans) {
#ifdef REPAIRED
    if (sluice::select(sluice::on_send(ready, span), sluice::on_recv(ctx.done())) == 1)
      return;
#else
    (void)ctx;
    ready.send(span); // sluice: unreceived-send
#endif
  }
}

void restore(sluice::context ctx) {
  sluice::chan<int> ready(concurrency);
  sluice::go("splitter", [ctx, ready] {
    sluice::defer finished([&] { ready.close(); });
    split_and_scatter(ctx, std::vector<int>(20, 1), ready);
  });
  for (int span : ready) {
    (void)span;
    if (ctx.err())
      return;
  }
}

int main() {
  sluice::run([] {
    auto [ctx, cancel] = sluice::with_cancel(sluice::context::background());
    sluice::go([ctx = ctx] { restore(ctx); });
    cancel();
    sluice::sleep_for(std::chrono::milliseconds(10));
  });
}
