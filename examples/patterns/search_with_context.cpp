// A search under a time limit whose worker is stopped by its context: the form to recommend.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Use it by default. The limit travels with the call into everything the search starts, a caller
// can stop it early, and nothing goes on once nobody wants the result.
#include <sluice/sluice.hpp>

#include <chrono>
#include <cstdio>
#include <optional>
#include <string>

namespace {

using namespace std::chrono_literals;

/// A source of entries that gives up as soon as its context ends.
class archive {
public:
  explicit archive(std::chrono::milliseconds latency) : latency_(latency) {}

  std::optional<std::string> look_up(sluice::context ctx, const std::string &query) const {
    switch (sluice::select(sluice::on_recv(sluice::after(latency_)), sluice::on_recv(ctx.done()))) {
    case 0:
      return "entry for " + query;
    default:
      return std::nullopt;
    }
  }

private:
  std::chrono::milliseconds latency_;
};

/// The entry, or nothing if it does not come within the limit or the parent's.
std::optional<std::string> search(sluice::context parent, archive source, std::string query,
                                  std::chrono::milliseconds limit) {
  auto [ctx, cancel] = sluice::with_timeout(parent, limit);
  sluice::defer stop([cancel = cancel] { cancel(); });

  sluice::chan<std::string> results;
  sluice::go("look-up", [=, ctx = ctx] {
    if (auto entry = source.look_up(ctx, query))
      sluice::select(sluice::on_send(results, *entry), sluice::on_recv(ctx.done()));
  });

  std::optional<std::string> found;
  sluice::select(sluice::on_recv(results, found), sluice::on_recv(ctx.done()));
  return found;
}

void show(const std::optional<std::string> &found) {
  std::printf("%s\n", found ? found->c_str() : "nothing in time");
}

} // namespace

int main() {
  sluice::run([] {
    const sluice::context background;
    show(search(background, archive(1ms), "heron", 500ms));
    show(search(background, archive(10s), "bittern", 5ms));
  });
}
