// Runs one workload with as many operations as it is told, for instructions.py to count.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <string_view>

// What is counted must not depend on how slow the machine is, and a slice of a task ends after a
// time. So a look at the clock, by the runtime too, is what makes it go on. It is far ahead of the
// kernel's, so that a thread that waits for a while wakes for what it waits for and nothing else.
extern "C" int clock_gettime(clockid_t, timespec *now) noexcept {
  constexpr std::int64_t step_ns = 1000, second_ns = 1'000'000'000, ahead_ns = second_ns << 30;
  constinit static std::atomic<std::int64_t> ns = ahead_ns;
  const std::int64_t t = ns.fetch_add(step_ns, std::memory_order_relaxed); // it only has to grow
  now->tv_sec = t / second_ns;
  now->tv_nsec = t % second_ns;
  return 0;
}

namespace {

// Stops the program: a workload that came to a wrong result measured nothing.
void expect(std::int64_t got, std::int64_t wanted) {
  if (got == wanted)
    return;
  std::fprintf(stderr, "came to %lld, expected %lld\n", (long long)got, (long long)wanted);
  std::_Exit(1);
}

void spawn_batches(int tasks) {
  constexpr int batch = 1000;
  for (int b = 0; b != tasks / batch; ++b) {
    sluice::wait_group left;
    left.add(batch);
    for (int i = 0; i != batch; ++i)
      sluice::go([&] { left.done(); });
    left.wait();
  }
}

void ping_pong(int round_trips) {
  sluice::chan<int> there, back;
  sluice::go([=] {
    for (int v : there)
      back.send(v + 1);
    back.close();
  });
  std::int64_t sum = 0;
  for (int i = 0; i != round_trips; ++i) {
    there.send(i);
    sum += *back.recv() - i;
  }
  there.close();
  back.recv();
  expect(sum, round_trips);
}

void buffered(int items) {
  sluice::chan<int> c(128);
  sluice::go([=] {
    for (int i = 0; i != items; ++i)
      c.send(1);
    c.close();
  });
  std::int64_t sum = 0;
  for (int v : c)
    sum += v;
  expect(sum, items);
}

void select_of_four(int selects) {
  std::array<sluice::chan<int>, 4> from;
  for (auto &c : from)
    sluice::go([=] {
      for (int i = 0; i != selects / 4; ++i)
        c.send(1);
    });
  std::int64_t sum = 0;
  std::optional<int> got;
  for (int i = 0; i != selects; ++i) {
    sluice::select(sluice::on_recv(from[0], got), sluice::on_recv(from[1], got),
                   sluice::on_recv(from[2], got), sluice::on_recv(from[3], got));
    sum += *got;
  }
  expect(sum, selects);
}

struct named_workload {
  std::string_view name;
  void (*run)(int operations);
};
constexpr named_workload workloads[] = {
    {"W1", spawn_batches}, {"W3", ping_pong}, {"W4", buffered}, {"W6", select_of_four}};

} // namespace

int main(int argc, char **argv) {
  const std::string_view name = argc > 1 ? argv[1] : "";
  if (name == "--build") {
    std::puts(SLUICE_BUILD "\n" __VERSION__);
    return 0;
  }
  for (const named_workload &w : workloads)
    if (argc == 3 && name == w.name) {
      sluice::run([&] { w.run(std::atoi(argv[2])); });
      return 0;
    }
  std::fprintf(stderr, "usage: %s --build | WORKLOAD OPERATIONS\n", argv[0]);
  return 2;
}
