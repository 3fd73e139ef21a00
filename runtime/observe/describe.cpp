// From what was seen to what is reported: words, places and stacks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "observe/describe.hpp"

#include "observe/symbols.hpp"
#include "observe/unwind.hpp"
#include "observe/words.hpp"

#include <algorithm>
#include <string_view>

namespace sluice::observe {

report::place describe(const std::source_location &where) {
  if (where.line() == 0)
    return {};
  return {where.file_name(), where.line(), where.function_name()};
}

/// The element's name out of a signature: `int` for `… [T = int]` or `… [with T = int; U = …]`.
static std::string element_name(const std::string &signature) {
  constexpr std::string_view key = "T = ";
  std::size_t begin = signature.find(key);
  if (begin == std::string::npos)
    return {};
  begin += key.size();
  return signature.substr(begin,
                          std::min(signature.find(';', begin), signature.rfind(']')) - begin);
}

report::subject describe(const seen_primitive &p) {
  report::subject s;
  if (!p.present)
    return s;
  s.kind = word(p.kind);
  s.name = p.name.text;
  s.made_at = describe(p.made_at);
  if (!p.element)
    return s;
  s.type = element_name(p.element);
  s.state = p.capacity ? "buffer of " + std::to_string(p.capacity) : "unbuffered";
  return s;
}

static report::held_lock describe(const seen_lock &h) {
  // A standard guard's own header says nothing; the stack of that moment is gone.
  report::place at = describe(h.taken_at);
  return {describe(h.lock), h.shared, is_library_file(at.file.c_str()) ? report::place{} : at};
}

/// A standard guard names its own header as the place of the operation: the stack knows better.
static void correct_place(const seen_task &t, report::task_entry &e) {
  if (!is_library_file(t.where.file_name()))
    return;
  report::place better = user_place(e.stack);
  if (better.known())
    e.blocked_at = better;
}

report::task_entry describe(const seen_task &t, bool with_stack) {
  report::task_entry e;
  e.id = t.id;
  e.name = t.name.text;
  e.main = t.is_main;
  e.thread = !t.is_task;
  e.started_at = describe(t.started_at);
  e.starter = t.starter.text;
  e.operation = t.blocked ? word(t.reason) : "running";
  e.since_ms = t.blocked ? t.waited_ms : 0;
  for (unsigned i = 0; i < t.held_count; ++i)
    e.holds.push_back(describe(t.held[i]));
  if (!t.blocked)
    return e;
  e.blocked_at = describe(t.where);
  e.on = describe(t.on);
  if (with_stack && t.is_task && t.stack_top)
    e.stack = symbolise(unwind(t.saved, t.stack_top));
  correct_place(t, e);
  return e;
}

} // namespace sluice::observe
