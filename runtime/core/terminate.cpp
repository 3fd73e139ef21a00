// The terminate handler: runs at the throw, with the task's stack intact.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/terminate.hpp"

#include "core/event.hpp"
#include "core/fatal.hpp"
#include "core/worker.hpp"

#include <cstdlib>
#include <exception>

namespace sluice::core {
namespace {

std::terminate_handler previous = nullptr;

void say_who(const task &t) noexcept {
  line l;
  l << "uncaught exception in task " << t.id;
  if (t.name)
    l << " \"" << t.name << "\"";
  l << ", started at " << t.started_at.file_name() << ":" << t.started_at.line();
  l.write();
}

[[noreturn]] void on_terminate() {
  const worker *w = this_worker();
  if (w && w->current && std::current_exception()) {
    if (events.uncaught)
      events.uncaught(*w->current);
    else
      say_who(*w->current);
  }
  if (previous)
    previous();
  std::abort();
}

} // namespace

void name_task_on_terminate() noexcept {
  if (std::get_terminate() != on_terminate)
    previous = std::set_terminate(on_terminate);
}

} // namespace sluice::core
