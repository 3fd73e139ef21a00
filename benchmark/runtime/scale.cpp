// A million parked tasks, twice, and what is left of them after a rest.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <unistd.h>

namespace {

double resident_mb() {
  double size = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> size >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

int mappings() {
  std::ifstream maps("/proc/self/maps");
  int n = 0;
  for (std::string line; std::getline(maps, line);)
    ++n;
  return n;
}

class lap_timer {
public:
  explicit lap_timer(int tasks) : tasks(tasks) {}
  void lap(const char *what) {
    const auto now = std::chrono::steady_clock::now();
    const double ns = std::chrono::duration<double, std::nano>(now - last).count();
    std::printf("%-8s %6.0f ns a task, %7.1f MB resident, %d mappings\n", what, ns / tasks,
                resident_mb(), mappings());
    last = std::chrono::steady_clock::now();
  }

private:
  int tasks;
  std::chrono::steady_clock::time_point last = std::chrono::steady_clock::now();
};

void park_and_wake(int tasks) {
  lap_timer timer(tasks);
  sluice::chan<> gate;
  sluice::wait_group parked, left;
  parked.add(tasks);
  left.add(tasks);
  for (int i = 0; i < tasks; ++i)
    sluice::go([&] {
      parked.done();
      gate.recv();
      left.done();
    });
  parked.wait();
  timer.lap("parked");
  gate.close();
  left.wait();
  timer.lap("woken");
}

} // namespace

int main(int argc, char **argv) {
  const int tasks = argc > 1 ? std::atoi(argv[1]) : 1000000;
  if (tasks <= 0) {
    std::fprintf(stderr, "usage: sluice-scale [TASKS]\n");
    return 2;
  }
  for (int round = 0; round < 2; ++round)
    sluice::run([&] { park_and_wake(tasks); });
  std::this_thread::sleep_for(std::chrono::seconds(5));
  std::printf("after 5 s: %.1f MB resident\n", resident_mb());
}
