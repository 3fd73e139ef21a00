// A report goes to a file of this process's own, whole in either format; a bad path loses nothing.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: rm -rf %t.dir && mkdir %t.dir
// RUN: sh -c 'SLUICE_OPTIONS=log_path=%t.dir/text %t 2>%t.err; test $? = 23' && count 0 < %t.err
// RUN: cat %t.dir/text.* | FileCheck %s
// RUN: sh -c 'SLUICE_OPTIONS=format=json:log_path=%t.dir/json %t; test $? = 23'
// RUN: python3 -c "import json,sys,glob; f=glob.glob(sys.argv[1]+'/json.*'); assert len(f)==1, f; assert len(json.load(open(f[0]))['findings'])==1" %t.dir
// RUN: sh -c 'SLUICE_OPTIONS=log_path=%t.dir/none/x %t 2>%t.err; test $? = 23'
// RUN: FileCheck --check-prefixes=BAD,CHECK %s < %t.err
// RUN: sh -c 'ln -s /dev/full %t.dir/full.$$; SLUICE_OPTIONS=log_path=%t.dir/full exec %t 2>%t.err'; test $? = 23
// RUN: FileCheck --check-prefix=FULL %s < %t.err
// RUN: sh -c 'ln -s /dev/full %t.dir/full.$$.new; SLUICE_OPTIONS=format=json:log_path=%t.dir/full exec %t 2>%t.err'; test $? = 23
// RUN: grep '"kind":.*"leak"' %t.err
#include <sluice/sluice.hpp>

int main() {
  sluice::run([] {
    sluice::chan<int> c;
    sluice::go([c] { c.send(1); });
  });
}
// BAD: cannot write the report to '{{.*}}none/x.{{[0-9]+}}'; it follows
// CHECK: sluice: 1 task can never finish
// CHECK: SUMMARY: sluice: 1 leaked, 0 unfinished, 0 deadlocks
// FULL: cannot write the report to '{{.*}}full.{{[0-9]+}}'; it follows
// FULL: sluice: 1 task can never finish
// FULL: SUMMARY: sluice: 1 leaked, 0 unfinished, 0 deadlocks
