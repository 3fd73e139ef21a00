// The composition root: reads the options, hands the listeners to core, and stands at both ends of
// exit.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The report must come before static objects are destroyed, its exit status after everything else
// has run. So the report is registered with atexit when the first task or thread uses the library,
// and the status is applied by a destructor that the dynamic linker calls last. This file defines
// the symbol that every public header refers to, so that a static link cannot leave it out.
#include "core/event.hpp"
#include "core/park.hpp"
#include "observe/caller.hpp"
#include "observe/detector.hpp"
#include "report/suppressions.hpp"
#include "start/exit.hpp"
#include "start/options.hpp"

#include <sluice/abi.hpp>

#include <atomic>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace sluice::start {
namespace {

pid_t reporting_process = 0;

/// A child of fork reports nothing of its parent's.
bool is_child() { return getpid() != reporting_process; }

void report_from(const observe::asker &from, void *) {
  observe::asker copy = from;
  if (!from.who->is_task) {
    observe::report_at_exit(from);
    return;
  }
  core::run_on_large_stack(
      [](void *arg) { observe::report_at_exit(*static_cast<observe::asker *>(arg)); }, &copy);
}

// The thread that ends the process. The C library hands its list of exit handlers out to all
// threads that call exit or quick_exit at the same time, and the one that finds none left ends the
// process under the others. So handlers behind the one that reports hold up everybody else, as
// later versions of the C library do. Of quick_exit's they are there from the beginning; of exit's,
// which begins with a call of ours, whoever begins the report leaves them in the list.
std::atomic<pid_t> ender{0};
constexpr int most_held_up = 64;

void hold_up() {
  while (!is_child() && ender.load() != gettid())
    pause();
}

void register_hold_ups(int (*register_handler)(void (*)())) {
  for (int i = 0; i < most_held_up; ++i)
    register_handler(hold_up);
}

/// Whether the caller is the one that ends the process.
bool becomes_ender() {
  pid_t nobody = 0;
  return ender.compare_exchange_strong(nobody, gettid()) || nobody == gettid();
}

void at_quick_exit_hook() {
  if (is_child())
    return;
  if (!becomes_ender())
    hold_up();
  observe::with_asker(report_from, nullptr);
  apply_status_now();
}

bool has_stderr() { return fcntl(2, F_GETFD) != -1; }

[[noreturn]] void refuse(const std::string &why) {
  if (has_stderr())
    report::write_all(2, "sluice: SLUICE_OPTIONS: " + why + "\n");
  _exit(2);
}

options read_options() {
  const char *text = std::getenv("SLUICE_OPTIONS");
  try {
    return parse_options(text ? text : "");
  } catch (const options_error &e) {
    refuse(e.what());
  }
}

std::vector<explore::code_line> lines_of_caller() {
  std::vector<explore::code_line> lines;
  for (report::place &p : observe::places_of_caller())
    lines.push_back({std::move(p.file), p.line});
  return lines;
}

report::search_state search_state() {
  explore::progress p = explore::so_far();
  return {p.seed,
          p.steps,
          std::move(p.schedule),
          std::move(p.ways),
          std::move(p.trace),
          p.guided_steps,
          std::move(p.options),
          p.replayable};
}

void apply(options o) {
  o.core.has_stderr = o.observe.output.has_stderr = has_stderr();
  if (o.help && has_stderr())
    report::write_all(2, options_help());
  core::options = o.core;
  o.explore.lines = lines_of_caller;
  explore::begin(std::move(o.explore));
  observe::settings watched = o.observe;
  if (explore::in_search()) {
    watched.search_state = search_state;
    watched.deadlock_ms = 0; // a look by the clock would be no part of the schedule
  }
  try {
    observe::begin(watched);
  } catch (const report::suppression_error &e) {
    refuse(e.what());
  }
}

// Exit handlers run in reverse order: registered now, after most static objects were made, the
// report comes before their destruction.
void on_first_task() {
  std::atexit(report_now);
  if (is_child()) {
    reporting_process = getpid();
    ender = 0;
    observe::begin_again_in_child();
  }
  observe::begin_looking();
}

void (*judge_run)() = nullptr;

// Static objects of functions, made by tasks, would be gone before the report that is registered
// above. Whichever of the two comes first reports.
void on_run_finished() {
  static const int registered = std::atexit(report_now);
  (void)registered;
  judge_run();
}

// Before the constructors of the program's own static objects, which may start tasks.
[[gnu::constructor(101)]] void wire() {
  reporting_process = getpid();
  apply(read_options());
  core::events.scheduler_started = on_first_task;
  judge_run = core::events.run_finished;
  core::events.run_finished = on_run_finished;
  register_hold_ups([](void (*f)()) { return std::at_quick_exit(f); });
  std::at_quick_exit(at_quick_exit_hook);
}

[[gnu::destructor(101)]] void end() { apply_status_now(); }

} // namespace

void report_now() {
  if (is_child())
    return;
  if (!becomes_ender())
    hold_up();
  static std::atomic<bool> registered{false};
  if (!registered.exchange(true))
    register_hold_ups([](void (*f)()) { return std::atexit(f); });
  observe::with_asker(report_from, nullptr);
}

void apply_status_now() {
  if (!is_child())
    observe::apply_exit_status();
}

} // namespace sluice::start

namespace sluice::core {
const char abi_version_1 = 1;
}
