// The search of examples/patterns/search_with_*.cpp without a receiver after the timeout.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// runtime: leaked
#include <sluice/sluice.hpp>

#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

namespace {

using namespace std::chrono_literals;

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

std::optional<std::string> search(std::shared_ptr<const archive> source, std::string query,
                                  std::chrono::milliseconds limit) {
  sluice::chan<std::string> results;
  sluice::go("look-up", [=] {
    results.send(source->look_up(query)); // sluice: unreceived-send
  });

  std::optional<std::string> found;
  sluice::select(sluice::on_recv(results, found), sluice::on_recv(sluice::after(limit)));
  return found;
}

} // namespace

int main() {
  sluice::run([] {
    auto found = search(std::make_shared<archive>(30ms), "bittern", 5ms);
    std::printf("%s\n", found ? found->c_str() : "nothing in time");
  });
}
