// The search of interleavings: one worker, every operation a point at which another may go on.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/clock.hpp>

#include <cstdint>
#include <span>

namespace sluice::core {

struct runnable;
struct worker;

/// One that could run next.
struct candidate {
  std::uint64_t id;
  bool present; // it runs now and would simply go on
  bool resumes; // it was woken in an operation, which it ends first; or it starts
};

/// What decides, filled in before the first task is started by whoever searches; null functions
/// leave the scheduler to itself. All are called on the one worker's thread.
struct interleaving_table {
  /// The calling task, which has this id, has reached a scheduling point.
  void (*step)(std::uint64_t id) = nullptr;
  /// Which of at least one candidate runs next. The present one is the first; the others stand in
  /// the order in which they became ready.
  std::size_t (*pick_task)(std::span<const candidate> those) = nullptr;
  /// Which of `n` cases of a select that can all run is taken.
  std::uint32_t (*pick_case)(std::uint32_t n) = nullptr;
  /// The present task has asked to let others go first.
  void (*yielded)(std::uint64_t id) = nullptr;
  /// What the task that was picked last does until the next point is about this object; null: it
  /// may be about anything.
  void (*touched)(const void *on) = nullptr;
  /// Timers have fired, between two picks.
  void (*fired)() = nullptr;
  /// Something happened that a replay cannot repeat.
  void (*disturbed)() = nullptr;
};
extern interleaving_table interleaving;

/// Whether interleavings are searched.
inline bool is_interleaved() noexcept { return interleaving.pick_task; }

/// Tells that the operation that has begun is about `on`, too; see operation_point().
inline void note_object(const void *on) noexcept {
  if (interleaving.touched) [[unlikely]]
    interleaving.touched(on);
}

/// What worker::budget is while they are: no operation may begin without a call.
constexpr std::int32_t interleaved_budget = -1;

/// A scheduling point of the task that runs on `w`: may let others run before it returns. Who
/// yields lets others go first from its second yield in a row, and so does who has passed many
/// points without a pause.
void interleave(worker &w, bool yields) noexcept;

/// Puts a task that was left at a scheduling point among those that are ready.
void interleave_later(runnable *r) noexcept;

/// What is to run next; moves the time forward while nothing can. Null: nothing, until somebody
/// outside of the worker does something or `wake_by` comes.
runnable *pick_interleaved(worker &w) noexcept;

/// The time of the search: it stands still while a task can run.
clock::time_point virtual_now() noexcept;

/// When to wake in real time for the next timer; the last time there is if time does not go on by
/// itself. While calls of blocking() are under way the virtual time follows the real one.
clock::time_point wake_by() noexcept;

/// Moves the virtual time forward by what really went by.
void follow_real_time(clock::duration passed) noexcept;

/// Tells whoever searches that the caller, which is no task, does something while a task may run.
void note_outsider() noexcept;

/// Whether all armed timers were seen to fire in vain, so that time stands still.
bool time_stands_still() noexcept;

} // namespace sluice::core
