// A misuse is reported as it happens, with its place and that of the other side.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: sh -c '%t 2>%t.err; test $? = 23'
// RUN: FileCheck %s < %t.err
// RUN: sh -c 'SLUICE_OPTIONS=format=json %t 2>%t.json; test $? = 23'
// RUN: python3 -c "import json,sys; f=json.load(open(sys.argv[1]))['findings'][0]; assert f['kind']=='misuse' and [p['line'] for p in f['places']]==[17,15], f" %t.json
#include <sluice/sluice.hpp>

int main() {
  sluice::run([] {
    sluice::chan<int> c;

    try {
      c.close();

      c.close();
    } catch (const sluice::channel_error &) {
    }
  });
}
// CHECK: sluice: misuse: close of a closed channel
// CHECK-EMPTY:
// CHECK-NEXT: at {{.*}}.cpp:17
// CHECK-NEXT: first closed at {{.*}}.cpp:15
// CHECK: see: sluice explain closed-channel
// CHECK: SUMMARY: sluice: 0 leaked, 0 unfinished, 0 deadlocks, 1 misuses
