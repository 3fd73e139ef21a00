// Starts workers and collects what they write.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/Workers.h"

#include "hosts/standalone/Child.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstring>
#include <deque>
#include <malloc.h>
#include <optional>
#include <poll.h>
#include <vector>

namespace sluice::checker::standalone {
namespace {

using Clock = std::chrono::steady_clock;

/// More than that would save nothing.
constexpr size_t MostJobsOfOne = 16;

struct Worker {
  std::deque<size_t> jobs; ///< the first is being done
  Clock::time_point deadline;
  Child child;
  bool expired = false;
};

/// A text, with its size before it.
std::string framed(const std::string &text) {
  const uint64_t size = text.size();
  return std::string(reinterpret_cast<const char *>(&size), sizeof(size)) + text;
}

/// Takes the first text that has come wholly.
std::optional<std::string> takeFramed(std::string &output) {
  uint64_t size = 0;
  if (output.size() < sizeof(size))
    return std::nullopt;
  std::memcpy(&size, output.data(), sizeof(size));
  if (output.size() - sizeof(size) < size)
    return std::nullopt;
  std::string text = output.substr(sizeof(size), size);
  output.erase(0, sizeof(size) + size);
  return text;
}

/// What is freed after a job is kept for the next.
void keepMemory() {
  ::mallopt(M_TRIM_THRESHOLD, INT_MAX);
  ::mallopt(M_MMAP_THRESHOLD, 1 << 25);
}

std::optional<Child> startOn(const std::deque<size_t> &jobs,
                             llvm::function_ref<std::string(size_t)> work) {
  return Child::startWriting([&](Child::Write write) {
    keepMemory();
    for (size_t job : jobs)
      write(framed(work(job)));
  });
}

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

class Pool {
public:
  Pool(size_t count, WorkerLimits limits, llvm::function_ref<std::string(size_t)> work,
       llvm::function_ref<void(size_t, WorkerResult)> done)
      : limits(limits), work(work), done(done) {
    for (size_t job = 0; job != count; ++job)
      waiting.push_back(job);
  }
  void run();

private:
  std::deque<size_t> share();
  void start();
  void collect(Worker &worker);
  void end(Worker worker);

  const WorkerLimits limits;
  llvm::function_ref<std::string(size_t)> work;
  llvm::function_ref<void(size_t, WorkerResult)> done;
  std::deque<size_t> waiting;
  std::vector<Worker> running;
};

/// The fewer are left, the fewer go to one, so that all end at about the same time.
std::deque<size_t> Pool::share() {
  const size_t most = std::clamp<size_t>(waiting.size() / (4 * limits.jobs), 1, MostJobsOfOne);
  std::deque<size_t> jobs(waiting.begin(), waiting.begin() + ptrdiff_t(most));
  waiting.erase(waiting.begin(), waiting.begin() + ptrdiff_t(most));
  return jobs;
}

void Pool::start() {
  while (!waiting.empty() && running.size() < limits.jobs) {
    std::deque<size_t> jobs = share();
    if (auto child = startOn(jobs, work)) {
      running.push_back({std::move(jobs), Clock::now() + limits.time, std::move(*child)});
      continue;
    }
    const std::string failure = std::string("no process could be started: ") + ::strerror(errno);
    for (size_t job : jobs)
      done(job, {"", failure});
  }
}

/// Hands on what has come.
void Pool::collect(Worker &worker) {
  while (!worker.jobs.empty()) {
    std::optional<std::string> text = takeFramed(worker.child.output);
    if (!text)
      return;
    done(worker.jobs.front(), {std::move(*text), ""});
    worker.jobs.pop_front();
    worker.deadline = Clock::now() + limits.time;
  }
}

void Pool::end(Worker worker) {
  std::string failure = worker.child.howItEnded();
  if (worker.jobs.empty())
    return;
  if (worker.expired)
    failure = "was stopped after " + std::to_string(limits.time.count()) + " s";
  if (failure.empty())
    failure = "ended before it was done";
  done(worker.jobs.front(), {"", std::move(failure)});
  waiting.insert(waiting.begin(), worker.jobs.begin() + 1, worker.jobs.end());
}

void Pool::run() {
  std::vector<bool> ended;
  for (start(); !running.empty(); start()) {
    pollAll(running, ended);
    for (size_t index = running.size(); index-- > 0;) {
      if (!running[index].expired)
        collect(running[index]);
      if (!ended[index])
        continue;
      Worker worker = std::move(running[index]);
      running.erase(running.begin() + ptrdiff_t(index));
      end(std::move(worker));
    }
  }
}

} // namespace

void runWorkers(size_t count, WorkerLimits limits, llvm::function_ref<std::string(size_t)> work,
                llvm::function_ref<void(size_t, WorkerResult)> done) {
  Pool(count, limits, work, done).run();
}

} // namespace sluice::checker::standalone
