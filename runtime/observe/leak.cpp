// find_leaks() and check_leaks().
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/execution.hpp"
#include "observe/describe.hpp"
#include "observe/detector.hpp"
#include "observe/room.hpp"
#include "observe/words.hpp"

#include <sluice/leak.hpp>

#include <utility>

namespace sluice {
namespace {

using observe::seen_task;
using observe::verdict;

leak_place convert(const report::place &p) { return {p.file, p.line, p.function}; }

leak convert(const seen_task &t, const observe::holders &all, observe::symboliser &symbols) {
  bool leaked = t.judged == verdict::leaked;
  report::task_entry e = observe::describe(t, symbols);
  leak l;
  l.id = e.id;
  l.name = e.name;
  l.certainty = leaked ? leak_certainty::leaked : leak_certainty::unfinished;
  l.started_at = convert(e.started_at);
  l.operation = e.operation;
  l.where = convert(e.blocked_at);
  if (!e.on.kind.empty())
    l.on = leak_primitive{e.on.kind, e.on.name, convert(e.on.made_at)};
  l.since = std::chrono::milliseconds(e.since_ms);
  for (const report::frame &f : e.stack)
    if (!f.ours)
      l.stack.push_back({f.file, f.line, f.function});
  l.why = leaked ? observe::why_leaked(t, all) : observe::why_unfinished(t);
  l.check = observe::check_for_wait(t);
  l.tag = t.tag;
  return l;
}

void append(std::vector<leak> &out, observe::seen_list &seen, bool leaked) {
  observe::symboliser symbols;
  const observe::holders holders(seen);
  for (const seen_task &t : seen)
    if (t.is_task && !t.is_main && (t.judged == verdict::leaked) == leaked &&
        (leaked || !t.is_background))
      out.push_back(convert(t, holders, symbols));
}

/// What a call works on, beyond the frame where the marking begins.
struct request {
  std::vector<leak> found;
  const leak_check_options *options = nullptr; // null: no grace
};

void collect(const observe::asker &from, void *arg) {
  auto &r = *static_cast<request *>(arg);
  observe::seen_list seen;
  if (r.options)
    observe::judge_after_grace(from, static_cast<unsigned>(r.options->grace.count()), seen);
  else
    observe::judge(from, seen, observe::wanted::leaked);
  observe::with_room([&] {
    append(r.found, seen, true);
    if (r.options)
      append(r.found, seen, false);
  });
}

} // namespace

std::vector<leak> find_leaks() {
  request r;
  observe::with_asker(collect, &r);
  return std::move(r.found);
}

std::uint64_t set_task_tag(std::uint64_t tag) { return std::exchange(core::self()->tag, tag); }

std::vector<leak> check_leaks(const leak_check_options &options) {
  request r{{}, &options};
  observe::with_asker(collect, &r);
  return std::move(r.found);
}

} // namespace sluice
