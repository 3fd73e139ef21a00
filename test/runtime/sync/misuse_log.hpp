// Catches the reports of misuse that a test provokes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/event.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sluice::test {

/// Keeps what was reported while it lives.
class misuse_log {
public:
  misuse_log() {
    previous = core::events.misused;
    seen().clear();
    core::events.misused = [](const core::misuse &m) { seen().push_back(m); };
  }
  ~misuse_log() { core::events.misused = previous; }
  static std::vector<core::misuse> &seen() {
    static std::vector<core::misuse> all;
    return all;
  }
  /// The kind of the only report so far.
  static core::misuse_kind only() {
    EXPECT_EQ(seen().size(), 1u);
    return seen().empty() ? core::misuse_kind::close_of_nil : seen()[0].kind;
  }

private:
  void (*previous)(const core::misuse &);
};

} // namespace sluice::test
