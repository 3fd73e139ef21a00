// What a run found, as plain values that every output format prints.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice::report {

/// A place in the user's source. Empty when it is not known.
struct place {
  std::string file;
  unsigned line = 0;
  std::string function;

  bool known() const { return !file.empty() || !function.empty(); }
  bool operator==(const place &) const = default;
};

/// One frame of a blocked task's stack. `ours` frames belong to the library and are folded away.
struct frame {
  std::string function;
  std::string file;
  unsigned line = 0;
  bool ours = false;
  bool operator==(const frame &) const = default;
};

/// A primitive: what a task waits on.
struct subject {
  std::string kind; // empty: the task waits on nothing
  std::string name;
  std::string type;     // of a channel's elements; may be empty
  std::string state;    // such as "unbuffered"; may be empty
  std::uint64_t id = 0; // the same for the same primitive within a report; 0: not known
  place made_at;
  bool operator==(const subject &) const = default;
};

/// A lock that a task holds, with the place where it took it.
struct held_lock {
  subject lock;
  bool shared = false;
  place taken_at;
  bool operator==(const held_lock &) const = default;
};

/// A task or thread of a finding; `count` equal ones are one entry.
struct task_entry {
  std::uint64_t id = 0;
  std::string name;
  std::string starter; // "task main", "a thread"; empty when not known
  bool main = false;
  bool thread = false;
  unsigned count = 1;
  place started_at;
  std::string operation;
  place blocked_at;
  subject on;
  std::vector<held_lock> holds;
  bool on_several = false;       // the `count` tasks do not all wait on the same primitive
  std::uint64_t since_ms = 0;    // of the one that has waited longest
  std::uint64_t shortest_ms = 0; // of the one that has waited least
  std::uint64_t waited_ms = 0;   // of all together
  std::vector<frame> stack;
};

/// The kinds of findings; report-format.md says what each means.
enum class finding_kind { leak, unfinished, deadlock, lock_order_cycle, misuse };

/// The word for `kind` in JSON and suppression files.
const char *word(finding_kind kind);

/// One defect. A leak holds one entry of equal tasks, a deadlock all of its tasks.
struct finding {
  finding_kind kind = finding_kind::leak;
  std::string check;  // the id that `sluice explain` takes; empty where no check explains it
  std::string why;    // one clause, lower-case; may be empty
  std::string advice; // what to do about it, likewise
  std::vector<task_entry> tasks;
  std::vector<place> places;  // of a misuse: where it happened, then where the other side was
  std::string place_words[2]; // what happened at each, as "locked at"
};

/// Where a search of interleavings stands.
struct search_state {
  std::uint64_t seed = 0;
  std::uint64_t steps = 0;        // scheduling points passed
  std::string schedule;           // the decisions so far
  std::string ways;               // what each could have been instead; may be empty
  std::string trace;              // what was done step by step; may be empty
  std::uint64_t guided_steps = 0; // of a guide, that were done
  std::string options;            // for SLUICE_OPTIONS: what does the same again
  bool replayable = true;         // false: threads or blocking calls had a part in it
};

/// Everything a process found until now.
struct report {
  std::vector<finding> findings;
  std::vector<std::string> notes; // what limits the verdicts, in plain words
  std::optional<search_state> search;
};

/// What the summary line counts: tasks for leaks, findings for the rest.
struct totals {
  unsigned leaked = 0, unfinished = 0, deadlocks = 0, lock_order_cycles = 0, misuses = 0;
};
totals count(const report &r);

/// Joins equal tasks (same start, same blocked place, same operation) into one entry with a count:
/// those of leak and unfinished findings, and those of a deadlock that hold nothing. The first
/// one's details stay.
void group_equal_tasks(report &r);
/// Counts `other`, which is equal to `first`, there.
void join(task_entry &first, const task_entry &other);

/// Numbers the primitives of `r` from `last` + 1 on, in the order in which they are told: addresses
/// say nothing to anybody, and are used again.
void number_primitives(report &r, std::uint64_t &last);

/// Whether some place that is shown has no line, because the code was built without them.
bool lacks_lines(const finding &f);

} // namespace sluice::report
