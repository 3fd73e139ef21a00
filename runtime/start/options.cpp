// SLUICE_OPTIONS: the parser, and the one table that it, `help=1` and the guide are made from.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "start/options.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>

namespace sluice::start {
namespace {

template <class N> bool number(std::string_view text, N &out, N low, N high) {
  N value{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < low || value > high)
    return false;
  out = value;
  return true;
}

bool flag(std::string_view text, bool &out) {
  if (text != "0" && text != "1")
    return false;
  out = text == "1";
  return true;
}

template <class E> struct word_of {
  std::string_view text;
  E value;
};

template <class E, std::size_t N>
bool one_of(std::string_view text, E &out, const word_of<E> (&words)[N]) {
  for (const word_of<E> &w : words)
    if (w.text == text) {
      out = w.value;
      return true;
    }
  return false;
}

bool file(std::string_view text, std::string &out) {
  out = text;
  return !text.empty();
}

explore::guide read_guide(const std::string &path) {
  std::ifstream in(path);
  if (!in)
    throw options_error("cannot read the guide '" + path + "': " + std::strerror(errno));
  const std::string content(std::istreambuf_iterator<char>(in), {});
  std::string wrong;
  explore::guide result = explore::guide::parse(content, wrong);
  if (!wrong.empty())
    throw options_error("the guide '" + path + "': " + wrong);
  return result;
}

using format_word = word_of<report::output_format>;
using unfinished_word = word_of<observe::unfinished_shown>;
using deadlock_word = word_of<observe::deadlock_action>;
using guard_kind = core::settings::guard_kind;
using guard_word = word_of<guard_kind>;
using search_word = word_of<explore::search_kind>;
using text = std::string_view;

constexpr unsigned day_ms = 24u * 3600 * 1000;

constexpr option_row table[] = {
    {"detect_leaks", "0|1", "1", "check for leaked tasks after run and at exit",
     [](options &o, text v) { return flag(v, o.observe.detect_leaks); }},
    {"detect_deadlocks", "0|1", "1", "look for deadlocks while the program runs",
     [](options &o, text v) { return flag(v, o.observe.detect_deadlocks); }},
    {"deadlock_ms", "N", "1000",
     "how long somebody is blocked before memory is searched for a deadlock; 0: never",
     [](options &o, text v) { return number(v, o.observe.deadlock_ms, 0u, day_ms); }},
    {"grace_ms", "N", "200", "how long tasks that could still finish are waited for at exit",
     [](options &o, text v) { return number(v, o.observe.grace_ms, 0u, day_ms); }},
    {"exitcode", "0..255", "23", "exit status after a finding; 0 leaves the status alone",
     [](options &o, text v) { return number(v, o.observe.exitcode, 0, 255); }},
    {"report_unfinished", "0|blocked|all", "blocked",
     "which tasks that could in principle go on are shown at exit",
     [](options &o, text v) {
       using enum observe::unfinished_shown;
       constexpr unfinished_word words[] = {{"0", none}, {"blocked", blocked}, {"all", all}};
       return one_of(v, o.observe.report_unfinished, words);
     }},
    {"strict", "0|1", "0", "unfinished tasks change the exit status too",
     [](options &o, text v) { return flag(v, o.observe.strict); }},
    {"detect_lock_order", "0|1", "1", "check for locks that are taken in opposite orders",
     [](options &o, text v) { return flag(v, o.observe.detect_lock_order); }},
    {"on_deadlock", "exit|abort|continue", "exit", "what happens once a deadlock is reported",
     [](options &o, text v) {
       using enum observe::deadlock_action;
       constexpr deadlock_word words[] = {{"exit", exit}, {"abort", abort}, {"continue", go_on}};
       return one_of(v, o.observe.on_deadlock, words);
     }},
    {"suppressions", "FILE", "", "lines kind:pattern; what they match is not reported",
     [](options &o, text v) { return file(v, o.observe.suppressions); }},
    {"format", "text|json|pprof", "text", "format of the report; pprof is read by 'go tool pprof'",
     [](options &o, text v) {
       using enum report::output_format;
       constexpr format_word words[] = {
           {"text", report::output_format::text}, {"json", json}, {"pprof", pprof}};
       return one_of(v, o.observe.output.format, words);
     }},
    {"log_path", "FILE", "", "write the report to FILE.PID instead of stderr",
     [](options &o, text v) { return file(v, o.observe.output.log_path); }},
    {"verbosity", "0..2", "0", "1: the library's own frames, full names and suppressions too",
     [](options &o, text v) { return number(v, o.observe.output.verbosity, 0, 2); }},
    {"procs", "N", "cpus", "scheduler threads",
     [](options &o, text v) { return number(v, o.core.procs, 1u, 1024u); }},
    {"stack_size", "BYTES", "65536", "stack of a task; the main task's is RLIMIT_STACK",
     [](options &o, text v) {
       return number<std::size_t>(v, o.core.stack_size, 16384, std::size_t{1} << 30);
     }},
    {"guard", "auto|always|never", "auto", "guard pages below task stacks",
     [](options &o, text v) {
       using enum guard_kind;
       constexpr guard_word words[] = {{"auto", automatic}, {"always", always}, {"never", never}};
       return one_of(v, o.core.guard, words);
     }},
    {"explore", "random|pct|guided|replay", "",
     "search interleavings: one scheduler thread, virtual time, every operation a choice",
     [](options &o, text v) {
       using enum explore::search_kind;
       constexpr search_word words[] = {
           {"random", random}, {"pct", pct}, {"guided", guided}, {"replay", replay}};
       if (v == "exhaustive")
         throw options_error("explore=exhaustive takes many runs: 'sluice run --explore N "
                             "--strategy exhaustive -- PROGRAM' makes them");
       return one_of(v, o.explore.kind, words);
     }},
    {"seed", "N", "1", "explore=random|pct|guided: which of the schedules",
     [](options &o, text v) {
       return number<std::uint64_t>(v, o.explore.seed, 0, std::numeric_limits<uint64_t>::max());
     }},
    {"depth", "N", "3", "explore=pct: of how many orders a defect may be made",
     [](options &o, text v) { return number(v, o.explore.depth, 1u, 100u); }},
    {"length", "N", "150", "explore=pct: how many scheduling points a run is expected to pass",
     [](options &o, text v) {
       return number<std::uint64_t>(v, o.explore.length, 1, 1'000'000'000);
     }},
    {"schedule", "TEXT", "", "explore=replay: the decisions, as a report gives them",
     [](options &o, text v) {
       const auto given = explore::schedule::parse(v);
       if (given)
         o.explore.given = *given;
       return given.has_value();
     }},
    {"guide", "FILE", "", "explore=guided: the steps to follow, lines LANE FILE:LINE",
     [](options &o, text v) {
       o.explore.witness = read_guide(std::string(v));
       return true;
     }},
    {"max_steps", "N", "1000000", "explore: after how many scheduling points a run is given up",
     [](options &o, text v) {
       return number<std::uint64_t>(v, o.explore.max_steps, 1, 1'000'000'000'000);
     }},
    {"help", "0|1", "0", "print this table", [](options &o, text v) { return flag(v, o.help); }},
};

std::string known_keys() {
  std::string out;
  for (const option_row &row : table)
    out += (out.empty() ? "" : ", ") + std::string(row.key);
  return out;
}

void parse_one(options &o, text item) {
  std::size_t equals = item.find('=');
  std::string key(item.substr(0, equals));
  auto row = std::find_if(std::begin(table), std::end(table),
                          [&](const option_row &r) { return key == r.key; });
  if (row == std::end(table))
    throw options_error("unknown option '" + key + "'; known: " + known_keys());
  if (equals == text::npos)
    throw options_error("option '" + key + "' needs a value: " + row->values);
  std::string value(item.substr(equals + 1));
  if (!row->set(o, value))
    throw options_error("bad value '" + value + "' for option '" + key + "'; it takes " +
                        row->values);
}

} // namespace

std::span<const option_row> option_table() { return table; }

options parse_options(std::string_view given) {
  constexpr text separators = ":, \t\n";
  options result;
  std::size_t begin = given.find_first_not_of(separators);
  while (begin != text::npos) {
    std::size_t end = given.find_first_of(separators, begin);
    parse_one(result, given.substr(begin, end - begin));
    begin = given.find_first_not_of(separators, end);
  }
  if (result.explore.kind == explore::search_kind::guided && result.explore.witness.steps.empty())
    throw options_error("explore=guided needs a guide: 'guide=FILE'");
  return result;
}

std::string options_help() {
  std::string out = "SLUICE_OPTIONS=\"key=value:key=value\"\n";
  for (const option_row &row : table) {
    std::string head = std::string("  ") + row.key + "=" + row.values;
    head.resize(std::max<std::size_t>(head.size() + 1, 36), ' ');
    out += head + row.meaning;
    out += *row.initial ? std::string(" (default ") + row.initial + ")\n" : "\n";
  }
  return out;
}

} // namespace sluice::start
