// From what was seen to what is reported: words, places and stacks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "observe/describe.hpp"

#include "observe/unwind.hpp"
#include "observe/words.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace sluice::observe {

report::place describe(const std::source_location &where) {
  if (where.line() == 0 || is_library_file(where.file_name()))
    return {};
  return {where.file_name(), where.line(), where.function_name()};
}

report::place describe(const std::source_location &where, std::span<const std::uintptr_t> code,
                       symboliser &symbols) {
  const report::place given = describe(where);
  return given.known() ? given : user_place(symbols.frames(code));
}

report::place describe(const std::source_location &where, const void *caller, symboliser &symbols) {
  const auto code = reinterpret_cast<std::uintptr_t>(caller);
  return describe(where, {&code, caller ? std::size_t{1} : 0}, symbols);
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
  s.id = reinterpret_cast<std::uintptr_t>(p.address);
  s.made_at = describe(p.made_at);
  if (!p.element)
    return s;
  s.type = element_name(p.element);
  s.state = p.capacity ? "buffer of " + std::to_string(p.capacity) : "unbuffered";
  return s;
}

static report::held_lock describe(const seen_lock &h, symboliser &symbols) {
  return {describe(h.lock), h.shared, describe(h.taken_at, h.taken_from, symbols)};
}

report::task_entry describe_briefly(const seen_task &t) {
  report::task_entry e;
  e.id = t.id;
  e.name = t.name.text;
  e.main = t.is_main;
  e.thread = !t.is_task;
  e.started_at = describe(t.started_at);
  e.starter = t.starter.text;
  e.operation = t.blocked ? word(t.reason) : "running";
  e.since_ms = e.shortest_ms = e.waited_ms = t.blocked ? t.waited_ms : 0;
  if (t.blocked) {
    e.blocked_at = describe(t.where);
    e.on = describe(t.on);
  }
  return e;
}

report::task_entry describe(const seen_task &t, symboliser &symbols) {
  report::task_entry e = describe_briefly(t);
  for (unsigned i = 0; i < t.held_count; ++i)
    e.holds.push_back(describe(t.held[i], symbols));
  if (!t.blocked)
    return e;
  if (t.is_task && t.stack_top)
    e.stack = symbols.frames(unwind(t));
  if (!e.blocked_at.known()) // a standard guard names its own header: the stack knows better
    e.blocked_at = user_place(e.stack);
  return e;
}

} // namespace sluice::observe
