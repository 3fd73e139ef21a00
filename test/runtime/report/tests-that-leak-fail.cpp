// With testing/gtest.hpp the very test that leaked fails, by what it started in however many tasks,
// and no other; what is found stuck only later fails the program under its test's name.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t -lgtest
// RUN: sh -c '%t >%t.out 2>%t.err; test $? = 23' && FileCheck %s < %t.out
// RUN: FileCheck --check-prefix=LATE %s < %t.out
// RUN: sh -c 'SLUICE_OPTIONS=exitcode=0 %t >%t.out 2>%t.err; test $? = 1'
// RUN: %t --gtest_filter=*CleanOn*:*CleanAfter*:*Death* | FileCheck --check-prefix=CLEAN %s
// RUN: sh -c '%t --gtest_filter=*Asks* 2>&1 | FileCheck --check-prefix=ASKS %s'
#include <sluice/sluice.hpp>
#include <sluice/testing/gtest.hpp>

#include <cstdlib>

using namespace std::chrono_literals;

static void leak_one() {
  sluice::go("waiter", [] {
    sluice::semaphore permits("permits", 0);
    permits.acquire();
  });
}

static sluice::semaphore is_stuck(0);

TEST(Tasks, CleanOnThread) {
  sluice::chan<int> c;
  sluice::go([c] { c.send(1); });
  EXPECT_EQ(c.recv(), 1);
}
TEST(Tasks, LeaksOnThread) { leak_one(); }
TEST(Tasks, CleanAfterLeak) { EXPECT_TRUE(sluice::run([] { return true; })); }
TEST(Tasks, LeaksInRun) { sluice::run(leak_one); }
TEST(Tasks, LeaksFromTaskOfTask) {
  sluice::run([] {
    sluice::task_group parts;
    for (int i = 0; i < 4; ++i)
      parts.go([i] {
        sluice::yield();
        if (i == 2)
          sluice::async(leak_one).get();
      });
    parts.wait();
  });
}
TEST(Tasks, LeaksFromTimer) {
  sluice::run([] {
    sluice::after_func(1ms, leak_one);
    sluice::sleep_for(20ms);
  });
}
TEST(Tasks, FailsAndLeaks) {
  leak_one();
  EXPECT_EQ(1, 2) << "on its own account";
}
TEST(Tasks, StuckLater) {
  sluice::go("later", [] {
    sluice::sleep_for(1s);
    sluice::semaphore permits(0);
    is_stuck.release();
    permits.acquire();
  });
}
TEST(Tasks, CleanWhileAnotherGetsStuck) { is_stuck.acquire(); }
TEST(Tasks, AsksByItself) {
  sluice::run([] { sluice::async(leak_one).get(); });
  const std::vector<sluice::leak> found = sluice::testing::leaks_of_this_test();
  EXPECT_TRUE(found.empty()) << testing::PrintToString(found);
}
TEST(TasksDeathTest, EndsInAChild) {
  EXPECT_EXIT(std::exit(3), testing::ExitedWithCode(3), "");
  EXPECT_TRUE(sluice::testing::leaks_of_this_test().empty());
}

class Numbered : public testing::TestWithParam<int> {};
TEST_P(Numbered, LeaksIfOdd) {
  if (GetParam() % 2)
    leak_one();
}
INSTANTIATE_TEST_SUITE_P(All, Numbered, testing::Values(0, 1, 2));

int main(int argc, char **argv) {
  testing::InitGoogleTest(&argc, argv);
  sluice::testing::fail_leaking_tests();
  return RUN_ALL_TESTS();
}
// CHECK: [       OK ] Tasks.CleanOnThread
// CHECK: [ RUN      ] Tasks.LeaksOnThread
// CHECK-NEXT: {{.*}}tests-that-leak-fail.cpp:20: Failure
// CHECK-NEXT: Failed
// CHECK-NEXT: a task that can never finish
// CHECK-NEXT: task 'waiter', started at {{.*}}tests-that-leak-fail.cpp:18, is blocked in acquire for {{[0-9]+}} ms at {{.*}}.cpp:20 on a semaphore 'permits'
// CHECK: why: no live task or thread is left that could release
// CHECK: [  FAILED  ] Tasks.LeaksOnThread
// CHECK: [       OK ] Tasks.CleanAfterLeak
// CHECK: [  FAILED  ] Tasks.LeaksInRun
// CHECK: [  FAILED  ] Tasks.LeaksFromTaskOfTask
// CHECK: [  FAILED  ] Tasks.LeaksFromTimer
// CHECK: on its own account
// CHECK: a task that can never finish
// CHECK: [  FAILED  ] Tasks.FailsAndLeaks
// CHECK: [       OK ] Tasks.StuckLater
// CHECK: [       OK ] Tasks.CleanWhileAnotherGetsStuck
// CHECK: [       OK ] All/Numbered.LeaksIfOdd/0
// CHECK: [  FAILED  ] All/Numbered.LeaksIfOdd/1
// CHECK: [       OK ] All/Numbered.LeaksIfOdd/2
// LATE: left by Tasks.StuckLater: a task that can never finish
// LATE-NEXT: task 'later'
// CLEAN: [  PASSED  ]
// ASKS: Expected: true
// ASKS-NEXT: { task 'waiter', started at
// ASKS: [  FAILED  ] Tasks.AsksByItself
