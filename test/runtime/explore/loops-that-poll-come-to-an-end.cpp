// Who polls lets the others go on; who never does meets the limit of steps, and is not judged.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: sh -c 'for way in yield otherwise sleep; do for how in random pct; do for seed in 1 2 3; do SLUICE_OPTIONS=explore=$how:seed=$seed timeout 10 %t $way || exit 1; done; done; done' 2>&1 | count 0
// RUN: sh -c 'SLUICE_OPTIONS=explore=random:max_steps=500 timeout 10 %t forever 2>%t.err; test $? = 124'
// RUN: FileCheck %s < %t.err
#include <sluice/sluice.hpp>

#include <string>

using namespace std::chrono_literals;

static void wait_a_little(const std::string &way) {
  if (way == "yield" || way == "forever")
    sluice::yield();
  else if (way == "sleep")
    sluice::sleep_for(1ms);
}

int main(int, char **argv) {
  const std::string way = argv[1];
  sluice::run([&] {
    sluice::chan<int> c(1);
    sluice::wait_group left;
    left.add(3);
    for (int i = 0; i < 2; ++i)
      sluice::go([=, &left] {
        bool got = false;
        while (!got) {
          if (way == "otherwise")
            got = sluice::select(sluice::on_recv(c), sluice::otherwise()) == 0;
          else
            got = c.try_recv().has_value();
          wait_a_little(way);
        }
        left.done();
      });
    sluice::go([=, &left] {
      if (way != "forever") {
        c.send(1);
        c.send(2);
      }
      left.done();
    });
    left.wait();
  });
}
// CHECK: sluice: step limit: the run has passed 500 scheduling points and ends without a verdict
// CHECK-NOT: SUMMARY
