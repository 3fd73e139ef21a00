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
#include "observe/detector.hpp"
#include "report/suppressions.hpp"
#include "start/options.hpp"

#include <sluice/abi.hpp>

#include <cstdlib>
#include <string>
#include <unistd.h>

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

void at_exit() {
  if (!is_child())
    observe::with_asker(report_from, nullptr);
}

void at_quick_exit_hook() {
  at_exit();
  if (!is_child())
    observe::apply_exit_status();
}

[[noreturn]] void refuse(const std::string &why) {
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

report::search_state search_state() {
  explore::progress p = explore::so_far();
  return {p.seed, p.steps, std::move(p.schedule), std::move(p.ways), std::move(p.options), p.replayable};
}

void apply(const options &o) {
  if (o.help)
    report::write_all(2, options_help());
  core::options = o.core;
  explore::begin(o.explore);
  observe::settings watched = o.observe;
  if (explore::in_search())
    watched.search_state = search_state;
  try {
    observe::begin(watched);
  } catch (const report::suppression_error &e) {
    refuse(e.what());
  }
}

// Exit handlers run in reverse order: registered now, after most static objects were made, the
// report comes before their destruction.
void on_first_task() { std::atexit(at_exit); }

void (*judge_run)() = nullptr;

// Static objects of functions, made by tasks, would be gone before the report that is registered
// above. Whichever of the two comes first reports.
void on_run_finished() {
  static const int registered = std::atexit(at_exit);
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
  std::at_quick_exit(at_quick_exit_hook);
}

[[gnu::destructor(101)]] void end() {
  if (!is_child())
    observe::apply_exit_status();
}

} // namespace
} // namespace sluice::start

namespace sluice::core {
const char abi_version_1 = 1;
}
