// A search that leaks its worker: nobody receives the result after the time limit.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "search.hpp"

#include <sluice/sluice.hpp>

namespace {

std::string perform(const std::string &query) {
  sluice::sleep_for(std::chrono::milliseconds(20));
  return "entry for " + query;
}

} // namespace

std::optional<std::string> search(std::string query, std::chrono::milliseconds limit) {
  sluice::chan<std::string> results;
  sluice::go("search", [=] { results.send(perform(query)); });
  std::optional<std::string> found;
  sluice::select(sluice::on_recv(results, found), sluice::on_recv(sluice::after(limit)));
  return found;
}
