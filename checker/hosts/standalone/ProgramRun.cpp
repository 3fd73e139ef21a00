// Starts the children, waits for them, and reads the reports they leave.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/ProgramRun.h"

#include "findings/OutputFile.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

namespace sluice::checker::standalone {
namespace {

using Clock = std::chrono::steady_clock;
using llvm::StringRef;

constexpr int stepLimitStatus = 124; // docs/design/exploration-of-runs.md
constexpr StringRef optionsVariable = "SLUICE_OPTIONS=";

struct Child {
  size_t index;
  std::string options;
  pid_t pid;
  Clock::time_point deadline;
  bool killed = false;
};

/// The environment with `options` added to what SLUICE_OPTIONS holds.
std::vector<std::string> environmentWith(const std::string &options) {
  std::vector<std::string> all;
  std::string own = options;
  for (char **at = environ; *at; ++at)
    if (StringRef(*at).starts_with(optionsVariable))
      own = StringRef(*at).drop_front(optionsVariable.size()).str() + ":" + options;
    else
      all.push_back(*at);
  all.push_back(optionsVariable.str() + own);
  return all;
}

std::vector<char *> pointersTo(const std::vector<std::string> &words) {
  std::vector<char *> pointers;
  for (const std::string &word : words)
    pointers.push_back(const_cast<char *>(word.c_str())); // posix_spawn does not write to them
  pointers.push_back(nullptr);
  return pointers;
}

/// Starts the command with its output thrown away or, for people, its errors in a file. A negative
/// number: the error.
pid_t start(const std::vector<std::string> &command, const std::string &options,
            const std::string &errors) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&files, 2, errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  const std::vector<std::string> environment = environmentWith(options);
  pid_t pid = 0;
  const int error = posix_spawnp(&pid, command.front().c_str(), &files, &attributes,
                                 pointersTo(command).data(), pointersTo(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return error ? -error : pid;
}

std::string placeOf(const llvm::json::Object &task, StringRef key) {
  const llvm::json::Object *place = task.getObject(key);
  if (!place)
    return "an unknown place";
  std::string file = place->getString("file").value_or("").str();
  if (file.empty())
    return place->getString("function").value_or("an unknown place").str();
  return file + ":" + std::to_string(place->getInteger("line").value_or(0));
}

template <class F> void forEachTask(const llvm::json::Object &finding, F f) {
  if (const llvm::json::Array *tasks = finding.getArray("tasks"))
    for (const llvm::json::Value &task : *tasks)
      if (const llvm::json::Object *object = task.getAsObject())
        f(*object);
}

/// "deadlock: lock at a.cpp:3, lock at b.cpp:4"; nothing for what changes no exit status.
std::optional<std::string> headlineOf(const llvm::json::Object &finding) {
  const StringRef kind = finding.getString("kind").value_or("");
  if (kind == "unfinished")
    return std::nullopt;
  if (kind == "misuse")
    return ("misuse: " + finding.getString("why").value_or("")).str();
  std::vector<std::string> waits;
  forEachTask(finding, [&](const llvm::json::Object &task) {
    waits.push_back(task.getString("operation").value_or("").str() + " at " +
                    placeOf(task, "blocked_at"));
  });
  std::sort(waits.begin(), waits.end());
  return (kind + ": " + llvm::join(waits, ", ")).str();
}

void addFinding(const llvm::json::Object &finding, RunOutcome &outcome) {
  auto headline = headlineOf(finding);
  if (!headline)
    return;
  outcome.findings.push_back(std::move(*headline));
  forEachTask(finding, [&](const llvm::json::Object &task) {
    if (const llvm::json::Object *at = task.getObject("blocked_at"))
      outcome.blocked.push_back({at->getString("file").value_or("").str(),
                                 static_cast<uint64_t>(at->getInteger("line").value_or(0))});
  });
}

void readReport(StringRef path, RunOutcome &outcome) {
  auto text = llvm::MemoryBuffer::getFile(path);
  if (!text)
    return;
  auto parsed = llvm::json::parse((*text)->getBuffer());
  if (!parsed) {
    llvm::consumeError(parsed.takeError());
    return;
  }
  const llvm::json::Object *report = parsed->getAsObject();
  if (!report)
    return;
  outcome.reported = true;
  if (const llvm::json::Array *findings = report->getArray("findings"))
    for (const llvm::json::Value &finding : *findings)
      if (const llvm::json::Object *object = finding.getAsObject())
        addFinding(*object, outcome);
  outcome.steps = static_cast<uint64_t>(report->getInteger("steps").value_or(0));
  outcome.guidedSteps = static_cast<uint64_t>(report->getInteger("guided_steps").value_or(0));
  outcome.schedule = report->getString("schedule").value_or("").str();
  outcome.ways = report->getString("ways").value_or("").str();
  outcome.trace = report->getString("trace").value_or("").str();
  outcome.options = report->getString("replay").value_or("").str();
}

/// How it ended, told by its status alone.
void readStatus(int status, bool killed, RunOutcome &outcome) {
  if (killed) {
    outcome.end = RunEnd::TimedOut;
    return;
  }
  if (WIFSIGNALED(status)) {
    outcome.end = RunEnd::Failed;
    outcome.failure = std::string("is ended by a signal: ") + strsignal(WTERMSIG(status));
    return;
  }
  const int code = WEXITSTATUS(status);
  if (code == stepLimitStatus) {
    outcome.end = RunEnd::StepLimit;
  } else if (code != 0) {
    outcome.end = RunEnd::Failed;
    outcome.failure = "ends with status " + std::to_string(code);
  }
}

/// A finding explains the status.
RunOutcome outcomeOf(int status, bool killed, const std::string &report) {
  RunOutcome outcome;
  readReport(report, outcome);
  llvm::sys::fs::remove(report);
  readStatus(status, killed, outcome);
  if (outcome.end == RunEnd::Failed && !outcome.findings.empty())
    outcome.end = RunEnd::Ended;
  return outcome;
}

sigset_t watchedSignals() {
  sigset_t watched;
  sigemptyset(&watched);
  for (int signal : {SIGCHLD, SIGINT, SIGTERM, SIGHUP})
    sigaddset(&watched, signal);
  return watched;
}

/// Waits for a signal, and no longer than a tenth of a second. True: the user wants an end.
bool waitForSignal(const sigset_t &watched) {
  timespec tenth{0, 100'000'000};
  const int signal = sigtimedwait(&watched, nullptr, &tenth);
  return signal > 0 && signal != SIGCHLD;
}

} // namespace

ProgramRunner::ProgramRunner(std::vector<std::string> command, std::chrono::seconds limit)
    : command(std::move(command)), limit(limit) {
  llvm::SmallString<128> made;
  if (!llvm::sys::fs::createUniqueDirectory("sluice-run", made))
    folder = made.str().str();
}

ProgramRunner::~ProgramRunner() {
  if (!folder.empty())
    llvm::sys::fs::remove_directories(folder);
}

/// The runs of one runAll().
class ProgramRunner::Batch {
public:
  Batch(ProgramRunner &runner, llvm::function_ref<std::optional<std::string>(size_t)> options,
        llvm::function_ref<void(size_t, RunOutcome)> done)
      : runner(runner), options(options), done(done) {
    sigprocmask(SIG_BLOCK, &watched, &before);
  }
  ~Batch() { sigprocmask(SIG_SETMASK, &before, nullptr); }
  Batch(const Batch &) = delete;
  Batch &operator=(const Batch &) = delete;

  bool run(size_t count, unsigned jobs) {
    for (;;) {
      while (next < count && children.size() < jobs && startNext()) {
      }
      if (children.empty())
        return true;
      if (waitForSignal(watched)) {
        endAll();
        return false;
      }
      collect();
    }
  }

private:
  /// False: there is none to be started now.
  bool startNext() {
    const std::optional<std::string> how = options(next);
    if (!how)
      return false;
    const pid_t pid =
        start(runner.command, *how + ":format=json:log_path=" + reportOf(next), "/dev/null");
    if (pid > 0) {
      children.push_back({next++, *how, pid, Clock::now() + runner.limit});
      return true;
    }
    RunOutcome outcome;
    outcome.end = RunEnd::CouldNotStart;
    outcome.failure = std::strerror(-pid);
    done(next, std::move(outcome));
    next = SIZE_MAX; // the others would not start either
    return false;
  }

  void collect() {
    for (size_t i = 0; i < children.size();) {
      Child &child = children[i];
      if (!child.killed && Clock::now() > child.deadline) {
        child.killed = true;
        kill(child.pid, SIGKILL);
      }
      int status = 0;
      if (waitpid(child.pid, &status, WNOHANG) != child.pid) {
        ++i;
        continue;
      }
      const Child ended = std::move(child);
      children.erase(children.begin() + static_cast<std::ptrdiff_t>(i));
      const std::string report = reportOf(ended.index) + "." + std::to_string(ended.pid);
      RunOutcome outcome = outcomeOf(status, ended.killed, report);
      if (outcome.options.empty()) // it ended before it could report
        outcome.options = ended.options;
      done(ended.index, std::move(outcome));
    }
  }

  void endAll() {
    for (const Child &child : children)
      kill(child.pid, SIGKILL);
    for (const Child &child : children)
      waitpid(child.pid, nullptr, 0);
  }

  std::string reportOf(size_t index) const { return runner.folder + "/" + std::to_string(index); }

  ProgramRunner &runner;
  llvm::function_ref<std::optional<std::string>(size_t)> options;
  llvm::function_ref<void(size_t, RunOutcome)> done;
  const sigset_t watched = watchedSignals();
  sigset_t before;
  std::vector<Child> children;
  size_t next = 0;
};

bool ProgramRunner::runAll(size_t count, unsigned jobs,
                           llvm::function_ref<std::optional<std::string>(size_t)> options,
                           llvm::function_ref<void(size_t, RunOutcome)> done) {
  return Batch(*this, options, done).run(count, jobs);
}

RunOutcome ProgramRunner::runOnce(const std::string &options) {
  RunOutcome only;
  runAll(1, 1, [&](size_t) { return options; }, [&](size_t, RunOutcome o) { only = std::move(o); });
  return only;
}

llvm::Expected<std::string> ProgramRunner::keep(const std::string &text) {
  std::string path = folder + "/kept" + std::to_string(kept++);
  if (llvm::Error error = findings::writeFile(path, [&](llvm::raw_ostream &out) { out << text; }))
    return std::move(error);
  return path;
}

std::string ProgramRunner::textOf(const std::string &options) {
  const std::string errors = folder + "/text";
  const pid_t pid = start(command, options, errors);
  if (pid < 0)
    return "";
  int status = 0;
  for (const auto deadline = Clock::now() + limit; waitpid(pid, &status, WNOHANG) == 0;
       usleep(1000))
    if (Clock::now() > deadline)
      kill(pid, SIGKILL);
  auto text = llvm::MemoryBuffer::getFile(errors);
  return text ? (*text)->getBuffer().str() : "";
}

} // namespace sluice::checker::standalone
