// The request of examples/patterns/request_with_timeout.cpp, one path of which does not cancel.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// runtime: silent
//
// The lost cancel function only keeps a timer for longer than needed, so a run shows nothing.
#include <sluice/sluice.hpp>

#include <chrono>
#include <cstdio>
#include <optional>
#include <string>

namespace {

using namespace std::chrono_literals;

class server {
public:
  std::optional<std::string> get(sluice::context ctx, const std::string &path) const {
    if (sluice::select(sluice::on_recv(sluice::after(1ms)), sluice::on_recv(ctx.done())) == 1)
      return std::nullopt;
    return "contents of " + path;
  }
};

std::string fetch(sluice::context parent, const server &from, const std::string &path) {
  auto [ctx, cancel] = sluice::with_timeout(parent, 20ms); // sluice: missing-cancellation
  if (path.empty())
    return "error: no path";
  std::optional<std::string> page = from.get(ctx, path);
  cancel();
  return page.value_or("error: too late");
}

} // namespace

int main() {
  sluice::run([] {
    const sluice::context background;
    std::printf("%s\n", fetch(background, server(), "/index").c_str());
    std::printf("%s\n", fetch(background, server(), "").c_str());
  });
}
