// Makes a GoogleTest test that leaks a task fail.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/leak.hpp>

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace sluice::testing {

/// Looks for leaked tasks at the end of each test. One line in main, after InitGoogleTest:
///
///     sluice::testing::fail_leaking_tests();
class leak_listener : public ::testing::EmptyTestEventListener {
  void OnTestEnd(const ::testing::TestInfo &) override {
    for (const leak &l : check_leaks())
      if (l.certainty == leak_certainty::leaked && told.insert(l.id).second)
        ADD_FAILURE_AT(l.where.file.c_str(), static_cast<int>(l.where.line))
            << "task '" << l.name << "' started at " << l.started_at.file << ":"
            << l.started_at.line << " is blocked in " << l.operation << " and can never finish";
  }
  std::set<std::uint64_t> told; // a leak belongs to the first test after which it is found
};

/// Installs the listener last: ends of tests are told in reverse order, so it fails a test before
/// the default printer says how it went.
inline void fail_leaking_tests() {
  ::testing::UnitTest::GetInstance()->listeners().Append(new leak_listener);
}

} // namespace sluice::testing
