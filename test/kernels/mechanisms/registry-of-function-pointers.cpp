// A dispatch table of functions runs commands under the shard's lock; one of them asks for the
// lock again.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <array>
#include <mutex>
#include <optional>
#include <vector>

struct shard {
  sluice::mutex mu;
  std::vector<int> values;
};

enum command { cmd_push, cmd_pop, cmd_rotate, command_count };

std::optional<int> push(shard &s, int v) {
  s.values.push_back(v);
  return v;
}

std::optional<int> pop(shard &s, int) {
  if (s.values.empty())
    return std::nullopt;
  int v = s.values.back();
  s.values.pop_back();
  return v;
}

std::optional<int> execute(shard &s, command c, int v);

std::optional<int> rotate(shard &s, int v) {
#ifdef REPAIRED
  auto last = pop(s, v);
  return last ? push(s, *last) : last;
#else
  auto last = pop(s, v);
  return last ? execute(s, cmd_push, *last) : last;
#endif
}

constexpr std::array<std::optional<int> (*)(shard &, int), command_count> table{push, pop, rotate};

std::optional<int> execute(shard &s, command c, int v) {
  std::lock_guard<sluice::mutex> hold(s.mu); // sluice: double-lock
  return table[c](s, v);
}

int main() {
  sluice::run([] {
    shard s;
    sluice::wait_group wg;
    wg.add(1);
    sluice::go("client", [&] {
      execute(s, cmd_push, 1);
      execute(s, cmd_rotate, 0);
      wg.done();
    });
    wg.wait(); // sluice: double-lock
  });
}
