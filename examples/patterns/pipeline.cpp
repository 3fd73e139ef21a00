// A pipeline of three stages, generator, square and filter, that can be left half way.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Use it to overlap the steps of a computation. Each stage owns the channel it returns and closes
// it; each also watches the context, so that a consumer may stop early without stranding them.
#include <sluice/sluice.hpp>

#include <cstdio>
#include <functional>

namespace {

/// Sends unless the context ends first; says whether it did.
bool pass_on(sluice::context ctx, sluice::send_chan<int> out, int value) {
  return sluice::select(sluice::on_send(out, value), sluice::on_recv(ctx.done())) == 0;
}

/// 1, 2, 3, …
sluice::recv_chan<int> generate(sluice::context ctx) {
  sluice::chan<int> out;
  sluice::go("generate", [=] {
    for (int i = 1; pass_on(ctx, out, i); ++i) {
    }
    out.close();
  });
  return out;
}

/// The square of each number.
sluice::recv_chan<int> square(sluice::context ctx, sluice::recv_chan<int> in) {
  sluice::chan<int> out;
  sluice::go("square", [=] {
    for (int i : in)
      if (!pass_on(ctx, out, i * i))
        break;
    out.close();
  });
  return out;
}

/// The numbers for which the predicate holds.
sluice::recv_chan<int> filter(sluice::context ctx, sluice::recv_chan<int> in,
                              std::function<bool(int)> keep) {
  sluice::chan<int> out;
  sluice::go("filter", [=] {
    for (int i : in)
      if (keep(i) && !pass_on(ctx, out, i))
        break;
    out.close();
  });
  return out;
}

} // namespace

int main() {
  sluice::run([] {
    auto [ctx, cancel] = sluice::with_cancel(sluice::context::background());
    sluice::defer stop_all_stages([cancel = cancel] { cancel(); });

    auto is_odd = [](int i) { return i % 2 != 0; };
    for (int i : filter(ctx, square(ctx, generate(ctx)), is_odd)) {
      if (i > 100)
        break;
      std::printf("%d\n", i);
    }
  });
}
