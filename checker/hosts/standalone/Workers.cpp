// Starts workers and collects what they write.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/Workers.h"

#include "hosts/standalone/Child.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <poll.h>
#include <vector>

namespace sluice::checker::standalone {
namespace {

using Clock = std::chrono::steady_clock;

struct Worker {
  size_t job = 0;
  Clock::time_point deadline;
  Child child;
  bool expired = false;
};

/// How long to sleep until the first deadline, in milliseconds, rounded up.
int untilFirstDeadline(const std::vector<Worker> &running) {
  auto first = std::min_element(running.begin(), running.end(),
                                [](auto &a, auto &b) { return a.deadline < b.deadline; });
  auto left = std::chrono::ceil<std::chrono::milliseconds>(first->deadline - Clock::now());
  return static_cast<int>(std::clamp<int64_t>(left.count(), 0, 60'000));
}

/// Closes the pipe of whoever is late from the far end: the next poll then sees that it ended.
void killLate(std::vector<Worker> &running) {
  for (Worker &worker : running)
    if (!worker.expired && Clock::now() >= worker.deadline) {
      worker.expired = true;
      worker.child.kill();
      worker.deadline = Clock::time_point::max();
    }
}

void pollAll(std::vector<Worker> &running, std::vector<bool> &ended) {
  killLate(running);
  std::vector<pollfd> files;
  for (const Worker &worker : running)
    files.push_back({worker.child.pipe(), POLLIN, 0});
  ended.assign(running.size(), false);
  if (::poll(files.data(), files.size(), untilFirstDeadline(running)) <= 0)
    return;
  for (size_t index = 0; index < files.size(); ++index)
    if (files[index].revents)
      ended[index] = running[index].child.drain();
}

} // namespace

void runWorkers(size_t count, WorkerLimits limits, llvm::function_ref<std::string(size_t)> work,
                llvm::function_ref<void(size_t, WorkerResult)> done) {
  std::vector<Worker> running;
  std::vector<bool> ended;
  for (size_t next = 0; next < count || !running.empty();) {
    while (next < count && running.size() < limits.jobs) {
      const size_t job = next++;
      if (auto child = Child::start([&] { return work(job); }))
        running.push_back({job, Clock::now() + limits.time, std::move(*child)});
      else
        done(job, {"", std::string("no process could be started: ") + ::strerror(errno)});
    }
    if (running.empty())
      continue;
    pollAll(running, ended);
    for (size_t index = running.size(); index-- > 0;) {
      if (!ended[index])
        continue;
      Worker worker = std::move(running[index]);
      running.erase(running.begin() + static_cast<ptrdiff_t>(index));
      std::string failure = worker.child.howItEnded();
      if (worker.expired)
        failure = "was stopped after " + std::to_string(limits.time.count()) + " s";
      done(worker.job, {std::move(worker.child.output), std::move(failure)});
    }
  }
}

} // namespace sluice::checker::standalone
