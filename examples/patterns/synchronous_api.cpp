// A synchronous function whose callers add the concurrency they want.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Use it for every library function: one that just returns its result cannot leak a task, can be
// tested without one, and takes a line to run beside others.
#include <sluice/sluice.hpp>

#include <chrono>
#include <cstdio>
#include <numeric>
#include <vector>

namespace {

using namespace std::chrono_literals;

/// The size of a page; it takes a while.
int page_size(int page) {
  sluice::sleep_for(2ms);
  return 100 + page;
}

/// All sizes, fetched one after the other: no task, no channel.
int total_in_sequence(const std::vector<int> &pages) {
  int total = 0;
  for (int page : pages)
    total += page_size(page);
  return total;
}

/// The same at once: this caller wants it so, and it waits for what it started.
int total_at_once(const std::vector<int> &pages) {
  std::vector<int> sizes(pages.size());
  sluice::task_group fetches{sluice::context::background()};
  for (std::size_t i = 0; i < pages.size(); ++i)
    fetches.go([&sizes, &pages, i] { sizes[i] = page_size(pages[i]); });
  fetches.wait();
  return std::accumulate(sizes.begin(), sizes.end(), 0);
}

} // namespace

int main() {
  sluice::run([] {
    const std::vector<int> pages{1, 2, 3, 4};
    std::printf("%d %d\n", total_in_sequence(pages), total_at_once(pages));
  });
}
