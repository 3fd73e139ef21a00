// A program with two leaks: a search that gives up and a printer that is never told to stop.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "search.hpp"
#include "statistics.hpp"

#include <sluice/sluice.hpp>

#include <cstdio>

int main() {
  sluice::run([] {
    for (const char *query : {"heron", "bittern"}) {
      auto found = search(query, std::chrono::milliseconds(1));
      std::printf("%s: %s\n", query, found ? found->c_str() : "nothing in time");
    }
    print_times({1, 1});
  });
}
