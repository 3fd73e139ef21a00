// Runs the programs of the corpus, each in a process of its own, and compares verdict with truth.
// truth. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// corpus                   every program, with as many scheduler threads as SLUICE_TEST_PROCS says
// corpus NAME...           those alone
// corpus --run NAME MODE   one program, in this process; MODE: searching, leaving
#include "program.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <poll.h>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace leaks {

std::vector<program> &programs() {
  static std::vector<program> all;
  return all;
}

enter::enter(std::initializer_list<program> those) {
  programs().insert(programs().end(), those.begin(), those.end());
}

namespace {

bool leave_when_judged = false;

[[noreturn]] void fail(const char *why) {
  std::printf("%s\n", why);
  std::fflush(stdout);
  _exit(99);
}

[[noreturn]] void fail(const char *why, const sluice::leak &l) {
  std::printf("%s: task %llu in %s at %s:%u\n", why, (unsigned long long)l.id, l.operation.c_str(),
              l.where.file.c_str(), l.where.line);
  fail("");
}

void expect_nobody_leaked() {
  for (const sluice::leak &l : sluice::find_leaks())
    fail("called leaked", l);
}

std::size_t blocked_tasks() {
  std::size_t blocked = 0;
  for (const sluice::leak &l : sluice::check_leaks({0ms})) {
    if (l.certainty == sluice::leak_certainty::leaked)
      fail("called leaked", l);
    blocked += l.operation != "running";
  }
  return blocked;
}

/// A leaking program: all that it leaks is found before its process ends.
void search(const program &p) {
  sluice::async(p.run).get();
  if (p.missed_because)
    return;
  std::size_t found = 0;
  for (int round = 0; found != p.leaks && round < 3000; ++round) {
    sluice::sleep_for(round < 20 ? 1ms : 10ms);
    found = sluice::find_leaks().size();
    if (found > p.leaks)
      break;
  }
  std::printf("found %zu\n", found);
}

const program *named(const char *name) {
  for (const program &p : programs())
    if (std::strcmp(p.name, name) == 0)
      return &p;
  return nullptr;
}

int run_one(const char *name, const char *mode) {
  const program *p = named(name);
  if (!p)
    return 2;
  leave_when_judged = std::strcmp(mode, "leaving") == 0;
  if (p->leaks)
    sluice::run([p] { search(*p); });
  else
    sluice::run(p->run);
  std::printf("ended\n");
  return 0;
}

/// What became of one run.
struct outcome {
  int status = -1; // 128 and more: by a signal
  std::string out;
  unsigned leaked = 0, unfinished = 0, deadlocks = 0;
  bool says(const std::string &what) const { return out.find(what) != std::string::npos; }
};

void become(const program &p, const char *mode, int out) {
  dup2(out, 1);
  dup2(out, 2);
  alarm(60); // of this process and what it becomes
  // Those who can never go on are found in the end, however busy the machine is; others go on for
  // longer than anybody would wait.
  const char *procs = std::getenv("SLUICE_TEST_PROCS");
  const std::string options =
      std::string(p.leaks ? "grace_ms=3000" : "grace_ms=20") + ":procs=" + (procs ? procs : "2");
  setenv("SLUICE_OPTIONS", options.c_str(), 1);
  // Pointers that are hidden from the search are hidden from LeakSanitizer too.
  setenv("LSAN_OPTIONS", "exitcode=0", 1);
  // A program that is left early does not join its threads.
  const char *given = std::getenv("TSAN_OPTIONS");
  setenv("TSAN_OPTIONS", (std::string(given ? given : "") + ":report_thread_leaks=0").c_str(), 1);
  execl("/proc/self/exe", "corpus", "--run", p.name, mode, nullptr);
  _exit(127);
}

outcome run_apart(const program &p, const char *mode) {
  outcome o;
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0)
    return o;
  const pid_t child = fork();
  if (child == 0)
    become(p, mode, ends[1]);
  close(ends[1]);
  std::array<char, 4096> part;
  for (ssize_t n = 0; (n = read(ends[0], part.data(), part.size())) > 0;)
    o.out.append(part.data(), static_cast<std::size_t>(n));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  o.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  const std::size_t summary = o.out.rfind("SUMMARY: sluice: ");
  if (summary != std::string::npos &&
      std::sscanf(o.out.c_str() + summary,
                  "SUMMARY: sluice: %u leaked, %u unfinished, %u deadlocks", &o.leaked,
                  &o.unfinished, &o.deadlocks) != 3)
    o.status = -1;
  return o;
}

bool is_as_expected(const program &p, const char *mode, const outcome &o) {
  if (p.leaks && p.missed_because)
    return o.status == 0 && o.leaked == 0;
  if (p.leaks)
    return o.status == 23 && o.leaked == p.leaks && o.unfinished == 0 && o.deadlocks == 0 &&
           o.says("found " + std::to_string(p.leaks) + "\n");
  const bool left_early = std::strcmp(mode, "leaving") == 0;
  return o.status == 0 && o.leaked == 0 && o.deadlocks == 0 &&
         (left_early || (o.says("ended\n") && o.unfinished == 0));
}

/// The number of runs that went wrong.
int compare(const program &p, const char *mode) {
  const outcome o = run_apart(p, mode);
  const bool good = is_as_expected(p, mode, o);
  std::printf("%-7s %-8s %-40s", good ? "ok" : "WRONG", p.leaks ? "leaks" : "correct", p.name);
  if (p.leaks)
    std::printf(" %zu left, %u called leaked%s%s\n", p.leaks, o.leaked,
                p.missed_because ? "; known miss: " : "", p.missed_because ? p.missed_because : "");
  else
    std::printf(" %s\n", mode);
  if (!good)
    std::printf("--- status %d\n%s\n---\n", o.status, o.out.c_str());
  std::fflush(stdout);
  return !good;
}

int run_all(char **only, int count) {
  int wrong = 0, leaking = 0, correct = 0, missed = 0;
  for (const program &p : programs()) {
    bool chosen = count == 0;
    for (int i = 0; i < count; ++i)
      chosen = chosen || std::strcmp(only[i], p.name) == 0;
    if (!chosen || (p.only_plain && under_sanitizer))
      continue;
    (p.leaks ? leaking : correct) += 1;
    missed += p.missed_because != nullptr;
    wrong += compare(p, "searching");
    if (!p.leaks)
      wrong += compare(p, "leaving");
  }
  std::printf("%d leaking programs, %d known misses; %d correct ones; %d wrong verdicts\n", leaking,
              missed, correct, wrong);
  return wrong != 0 || leaking + correct == 0;
}

} // namespace

void judge_here(std::size_t parked) {
  for (int round = 0; blocked_tasks() < parked; ++round) {
    if (round == 3000)
      fail("its tasks did not come to rest");
    sluice::sleep_for(1ms);
  }
  for (int round = 0; round < 3; ++round)
    expect_nobody_leaked();
  if (leave_when_judged)
    std::exit(0);
}

} // namespace leaks

int main(int argc, char **argv) {
  if (argc == 4 && std::strcmp(argv[1], "--run") == 0)
    return leaks::run_one(argv[2], argv[3]);
  return leaks::run_all(argv + 1, argc - 1);
}
