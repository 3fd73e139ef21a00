// A search under a time limit whose late worker is let go by a buffer of one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Use it when the work cannot be interrupted and its late result may be thrown away: the worker's
// only send always finds room, so it ends whether or not anybody still listens. Prefer
// search_with_context.cpp where the work can be told to stop.
#include <sluice/sluice.hpp>

#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

namespace {

using namespace std::chrono_literals;

/// A source of entries that takes its time and cannot be interrupted.
class archive {
public:
  explicit archive(std::chrono::milliseconds latency) : latency_(latency) {}

  std::string look_up(const std::string &query) const {
    sluice::sleep_for(latency_);
    return "entry for " + query;
  }

private:
  std::chrono::milliseconds latency_;
};

/// The entry, or nothing if it does not come within the limit.
std::optional<std::string> search(std::shared_ptr<const archive> source, std::string query,
                                  std::chrono::milliseconds limit) {
  sluice::chan<std::string> results(1);
  sluice::go("look-up", [=] { results.send(source->look_up(query)); });

  std::optional<std::string> found;
  sluice::select(sluice::on_recv(results, found), sluice::on_recv(sluice::after(limit)));
  return found;
}

void show(const std::optional<std::string> &found) {
  std::printf("%s\n", found ? found->c_str() : "nothing in time");
}

} // namespace

int main() {
  sluice::run([] {
    show(search(std::make_shared<archive>(1ms), "heron", 500ms));
    show(search(std::make_shared<archive>(60ms), "bittern", 5ms));
  });
}
