// A run in which more than tasks had a part says that it may not come again.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: sh -c 'SLUICE_OPTIONS=explore=random timeout 10 %t blocking 2>%t.err; test $? = 23'
// RUN: FileCheck %s < %t.err
// RUN: sh -c 'SLUICE_OPTIONS=explore=random timeout 10 %t tasks 2>%t.err; test $? = 23'
// RUN: FileCheck --check-prefix=ALONE %s < %t.err
#include <sluice/sluice.hpp>

#include <string>
#include <unistd.h>

int main(int, char **argv) {
  const std::string how = argv[1];
  sluice::run([&] {
    if (how == "blocking")
      sluice::blocking([] { usleep(1000); });
    sluice::chan<int> c;
    sluice::go([c] { c.send(1); });
  });
}
// CHECK: SLUICE_OPTIONS=explore=random:seed=1
// CHECK-NEXT: note: threads or blocking calls had a part in this run
// ALONE: SLUICE_OPTIONS=explore=random:seed=1
// ALONE-NEXT: SUMMARY
