// Makes a GoogleTest test that leaks a task fail.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/leak.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <ostream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace sluice {

inline std::ostream &operator<<(std::ostream &out, const leak_place &p) {
  return p.line ? out << p.file << ":" << p.line : out << p.function << " " << p.file;
}

/// How GoogleTest prints what find_leaks() returns.
inline void PrintTo(const leak &l, std::ostream *out) {
  *out << "task ";
  l.name.empty() ? *out << l.id : *out << "'" << l.name << "'";
  *out << ", started at " << l.started_at << ", is blocked in " << l.operation << " for "
       << l.since.count() << " ms at " << l.where;
  if (l.on) {
    *out << " on a " << l.on->kind;
    if (!l.on->name.empty())
      *out << " '" << l.on->name << "'";
  }
  for (const leak_place &frame : l.stack)
    *out << "\n    " << frame.function << "   " << frame;
  *out << "\n  why: " << l.why << "\n  see: sluice explain " << l.check;
}

} // namespace sluice

namespace sluice::testing {

/// find_leaks() without what other tests have left: for an assertion in the middle of a test.
///
///     EXPECT_THAT(sluice::testing::leaks_of_this_test(), ::testing::IsEmpty());
inline std::vector<leak> leaks_of_this_test() {
  const std::uint64_t own = set_task_tag(0);
  set_task_tag(own);
  std::vector<leak> found = find_leaks();
  std::erase_if(found, [&](const leak &l) { return l.tag != own; });
  return found;
}

/// Looks for leaked tasks at the end of each test. One line in main, after InitGoogleTest:
///
///     sluice::testing::fail_leaking_tests();
///
/// A task belongs to the test that started it, or started the task that did, in however many tasks
/// or calls of run() that was. One that is found to be stuck only after its test has ended fails
/// the program, under the name of its test. What no test has started is counted to the test at
/// whose end it is found.
class leak_listener : public ::testing::EmptyTestEventListener {
  void OnTestStart(const ::testing::TestInfo &test) override {
    tests_.push_back(std::string(test.test_suite_name()) + "." + test.name());
    set_task_tag(tests_.size());
  }

  void OnTestEnd(const ::testing::TestInfo &) override {
    clear_dead_stack();
    judge_test();
  }

  void OnEnvironmentsTearDownStart(const ::testing::UnitTest &) override {
    for (const leak &l : fresh_leaks())
      late_.push_back(l);
    for (const leak &l : late_)
      fail(l, "left by " + name_of(l.tag) + ": ");
    late_.clear();
  }

  [[gnu::noinline]] void judge_test() {
    for (const leak &l : fresh_leaks())
      if (l.tag == 0 || l.tag == tests_.size())
        fail(l, "");
      else
        late_.push_back(l);
    set_task_tag(0);
  }

  /// What the test's frames have left on the stack would be taken for handles that are still held.
  /// The caller's own frame must be small: what it has not written yet is as old.
  [[gnu::noinline]] static void clear_dead_stack() {
    volatile std::uint64_t room[4096];
    for (volatile std::uint64_t &word : room)
      word = 0;
  }

  std::vector<leak> fresh_leaks() {
    std::vector<leak> fresh;
    for (const leak &l : check_leaks())
      if (l.certainty == leak_certainty::leaked && told_.insert(l.id).second)
        fresh.push_back(l);
    return fresh;
  }

  std::string name_of(std::uint64_t tag) const {
    return tag > 0 && tag <= tests_.size() ? tests_[tag - 1] : std::string("no test");
  }

  static void fail(const leak &l, const std::string &whose) {
    const leak_place &at = l.where.line ? l.where : l.started_at;
    std::ostringstream text;
    PrintTo(l, &text);
    ADD_FAILURE_AT(at.file.c_str(), static_cast<int>(at.line))
        << whose << "a task that can never finish\n"
        << text.str();
  }

  std::vector<std::string> tests_; // a test's tag is its number here, from 1
  std::vector<leak> late_;
  std::set<std::uint64_t> told_;
};

/// Installs the listener last: ends of tests are told in reverse order, so it fails a test before
/// the default printer says how it went.
inline void fail_leaking_tests() {
  ::testing::UnitTest::GetInstance()->listeners().Append(new leak_listener);
}

} // namespace sluice::testing
