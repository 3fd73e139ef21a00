// A test framework that a project has beside it: its macros are loops that run once.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma GCC system_header

namespace assertions {
inline bool again() { return false; }
bool chosen();
void report(bool holds, const char *text);
struct Reporter {
  virtual ~Reporter() = default;
  virtual bool stops() const { return false; }
};
Reporter &reporter();
} // namespace assertions

#define EXPECT_THAT(e)                                                                             \
  do {                                                                                             \
    assertions::report((e), #e);                                                                   \
  } while (assertions::again())
