// Forks workers and collects what they write.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// This process stays single-threaded, so a child may use everything after fork.
#include "hosts/standalone/Workers.h"

#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace sluice::checker::standalone {
namespace {

using Clock = std::chrono::steady_clock;

struct Worker {
  size_t job = 0;
  Clock::time_point deadline;
  bool expired = false;
  pid_t process = 0;
  int pipe = -1;
  std::string output;
};

void writeAll(int file, const std::string &text) {
  for (size_t written = 0; written < text.size();) {
    ssize_t count = ::write(file, text.data() + written, text.size() - written);
    if (count < 0 && errno != EINTR)
      return;
    written += count > 0 ? static_cast<size_t>(count) : 0;
  }
}

/// False if no process could be made.
bool start(Worker &worker, llvm::function_ref<std::string(size_t)> work) {
  int ends[2];
  if (::pipe(ends) != 0)
    return false;
  llvm::outs().flush(); // what is buffered must not be written twice
  worker.process = ::fork();
  if (worker.process == 0) {
    ::close(ends[0]);
    writeAll(ends[1], work(worker.job));
    ::_exit(0);
  }
  ::close(ends[1]);
  worker.pipe = ends[0];
  if (worker.process > 0)
    return true;
  ::close(ends[0]);
  return false;
}

std::string howItEnded(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status))
    return std::string("crashed (") + ::strsignal(WTERMSIG(status)) + ")";
  if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
    return "ended with status " + std::to_string(WEXITSTATUS(status));
  return {};
}

/// Whether the worker has closed its end.
bool drain(Worker &worker) {
  char buffer[1 << 16];
  ssize_t count = ::read(worker.pipe, buffer, sizeof(buffer));
  if (count > 0)
    worker.output.append(buffer, static_cast<size_t>(count));
  return count == 0 || (count < 0 && errno != EINTR);
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
      ::kill(worker.process, SIGKILL);
      worker.deadline = Clock::time_point::max();
    }
}

void pollAll(std::vector<Worker> &running, std::vector<bool> &ended) {
  killLate(running);
  std::vector<pollfd> files;
  for (const Worker &worker : running)
    files.push_back({worker.pipe, POLLIN, 0});
  ended.assign(running.size(), false);
  if (::poll(files.data(), files.size(), untilFirstDeadline(running)) <= 0)
    return;
  for (size_t index = 0; index < files.size(); ++index)
    if (files[index].revents)
      ended[index] = drain(running[index]);
}

} // namespace

void runWorkers(size_t count, WorkerLimits limits, llvm::function_ref<std::string(size_t)> work,
                llvm::function_ref<void(size_t, WorkerResult)> done) {
  std::vector<Worker> running;
  std::vector<bool> ended;
  for (size_t next = 0; next < count || !running.empty();) {
    while (next < count && running.size() < limits.jobs) {
      Worker worker;
      worker.job = next++;
      worker.deadline = Clock::now() + limits.time;
      if (start(worker, work))
        running.push_back(std::move(worker));
      else
        done(worker.job, {"", std::string("no process could be started: ") + ::strerror(errno)});
    }
    if (running.empty())
      continue;
    pollAll(running, ended);
    for (size_t index = running.size(); index-- > 0;) {
      if (!ended[index])
        continue;
      Worker worker = std::move(running[index]);
      running.erase(running.begin() + static_cast<ptrdiff_t>(index));
      ::close(worker.pipe);
      std::string failure = howItEnded(worker.process);
      if (worker.expired)
        failure = "was stopped after " + std::to_string(limits.time.count()) + " s";
      done(worker.job, {std::move(worker.output), std::move(failure)});
    }
  }
}

} // namespace sluice::checker::standalone
