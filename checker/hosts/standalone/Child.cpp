// Forks, reads and reaps.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/Child.h"

#include "llvm/Support/raw_ostream.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace sluice::checker::standalone {
namespace {

void writeAll(int file, const std::string &text) {
  for (size_t written = 0; written < text.size();) {
    ssize_t count = ::write(file, text.data() + written, text.size() - written);
    if (count < 0 && errno != EINTR)
      return;
    written += count > 0 ? static_cast<size_t>(count) : 0;
  }
}

} // namespace

std::optional<Child> Child::start(llvm::function_ref<std::string()> work) {
  return startWriting([&](Write write) { write(work()); });
}

std::optional<Child> Child::startWriting(llvm::function_ref<void(Write)> work) {
  int ends[2];
  if (::pipe(ends) != 0)
    return std::nullopt;
  llvm::outs().flush(); // what is buffered must not be written twice
  const pid_t parent = ::getpid(), process = ::fork();
  if (process == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent)
      ::_exit(1);
    ::close(ends[0]);
    work([&](const std::string &text) { writeAll(ends[1], text); });
    ::_exit(0);
  }
  ::close(ends[1]);
  if (process > 0)
    return Child(process, ends[0]);
  ::close(ends[0]);
  return std::nullopt;
}

Child::Child(Child &&other) noexcept
    : output(std::move(other.output)), process(std::exchange(other.process, 0)),
      end(std::exchange(other.end, -1)) {}

Child &Child::operator=(Child &&other) noexcept {
  std::swap(output, other.output);
  std::swap(process, other.process);
  std::swap(end, other.end);
  return *this;
}

Child::~Child() {
  kill();
  howItEnded();
}

bool Child::drain() {
  char buffer[1 << 16];
  ssize_t count = ::read(end, buffer, sizeof(buffer));
  if (count > 0)
    output.append(buffer, static_cast<size_t>(count));
  return count == 0 || (count < 0 && errno != EINTR);
}

void Child::kill() {
  if (process)
    ::kill(process, SIGKILL);
}

std::string Child::howItEnded() {
  if (end >= 0)
    ::close(std::exchange(end, -1));
  if (!process)
    return {};
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  process = 0;
  if (WIFSIGNALED(status))
    return std::string("crashed (") + ::strsignal(WTERMSIG(status)) + ")";
  if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
    return "ended with status " + std::to_string(WEXITSTATUS(status));
  return {};
}

} // namespace sluice::checker::standalone
