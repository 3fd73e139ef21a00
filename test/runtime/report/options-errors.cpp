// Bad options end the process with status 2 and say what would be right; good programs are silent.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: %t 2>&1 | count 0
// RUN: sh -c 'SLUICE_OPTIONS=colour=1 %t 2>%t.err; test $? = 2'
// RUN: FileCheck --check-prefix=UNKNOWN %s < %t.err
// RUN: sh -c 'SLUICE_OPTIONS=grace_ms=soon %t 2>%t.err; test $? = 2'
// RUN: FileCheck --check-prefix=BAD %s < %t.err
// RUN: sh -c 'SLUICE_OPTIONS=explore=exhaustive %t 2>%t.err; test $? = 2'
// RUN: FileCheck --check-prefix=MANY %s < %t.err
// RUN: echo "leek:x" > %t.supp
// RUN: sh -c 'SLUICE_OPTIONS=suppressions=%t.supp %t 2>%t.err; test $? = 2'
// RUN: FileCheck --check-prefix=SUPP %s < %t.err
// RUN: env SLUICE_OPTIONS=help=1 %t 2>&1 | FileCheck --check-prefix=HELP %s
#include <sluice/sluice.hpp>

int main() {
  sluice::run([] {
    sluice::chan<int> c;
    sluice::go([c] { c.send(1); });
    c.recv();
  });
}
// UNKNOWN: unknown option 'colour'; known: detect_leaks, {{.*}}grace_ms
// BAD: bad value 'soon' for option 'grace_ms'; it takes N
// MANY: explore=exhaustive takes many runs: 'sluice run --explore N --strategy exhaustive -- PROGRAM'
// SUPP: .supp:1: unknown kind 'leek'
// HELP: grace_ms=N {{.*}}(default 200)
