// A request under a context with a timeout, whose cancel function is called on every path.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Use it around every call that leaves the process. The deferred cancel frees the timer and stops
// what the call started as soon as the caller is through, whichever return that was.
#include <sluice/sluice.hpp>

#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <system_error>

namespace {

using namespace std::chrono_literals;

/// A remote machine that answers after a while.
class server {
public:
  explicit server(std::chrono::milliseconds latency) : latency_(latency) {}

  std::optional<std::string> get(sluice::context ctx, const std::string &path) const {
    if (sluice::select(sluice::on_recv(sluice::after(latency_)), sluice::on_recv(ctx.done())) == 1)
      return std::nullopt;
    return "contents of " + path;
  }

private:
  std::chrono::milliseconds latency_;
};

/// The page, or why there is none.
std::string fetch(sluice::context parent, const server &from, const std::string &path) {
  auto [ctx, cancel] = sluice::with_timeout(parent, 20ms);
  sluice::defer on_exit([cancel = cancel] { cancel(); });

  if (path.empty())
    return "error: no path";
  std::optional<std::string> page = from.get(ctx, path);
  if (!page)
    return "error: " + ctx.err().message();
  return *page;
}

} // namespace

int main() {
  sluice::run([] {
    const sluice::context background;
    std::printf("%s\n", fetch(background, server(1ms), "/index").c_str());
    std::printf("%s\n", fetch(background, server(1ms), "").c_str());
    std::printf("%s\n", fetch(background, server(10s), "/slow").c_str());
  });
}
