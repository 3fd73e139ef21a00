// What a run did step by step, for who wants to know what could have changed places.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/interleaving.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>

namespace sluice::explore {

/// A text of words with a blank between them:
///
///     [=]TASK[:[p]ID,ID,...][@OBJECT,OBJECT,...]   a task has run from one point to the next;
///                                   '=': the step ends the operation that its last one began;
///                                   behind ':' who could have run, if it was decided, 'p' if the
///                                   first of them was interrupted by any other;
///                                   behind '@' numbers of what it was about, '*' for anything
///     ?N                            a case of a select was decided among N
///     t                             timers have fired
class trace {
public:
  void add_step(std::span<const core::candidate> those, std::size_t way);
  void add_case(std::uint32_t n);
  void add_firing();
  /// Of the last step; null: anything.
  void add_object(const void *on);

  /// Empty if the run was too long.
  const std::string &text() const { return words; }

private:
  void begin_word();

  std::string words;
  bool has_object = false; // the last step
  bool too_long = false;
  // By addresses with all bits turned, which keep nothing reachable for the search for leaks.
  std::unordered_map<std::uintptr_t, std::size_t> numbers;
};

} // namespace sluice::explore
