// A connection whose watcher waits for its context, which one path forgets to cancel.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// runtime: leaked
#include <sluice/sluice.hpp>

#include <cstdio>
#include <string>

namespace {

void watch(sluice::context ctx) {
  ctx.done().recv(); // sluice: missing-cancellation
  std::printf("connection closed\n");
}

std::string fetch(sluice::context parent, const std::string &path) {
  auto [ctx, cancel] = sluice::with_cancel(parent);
  sluice::go("watch", [ctx = ctx] { watch(ctx); });
  if (path.empty())
    return "error: no path";
  cancel();
  return "contents of " + path;
}

} // namespace

int main() {
  sluice::run([] {
    const sluice::context background;
    std::printf("%s\n", fetch(background, "").c_str());
  });
}
